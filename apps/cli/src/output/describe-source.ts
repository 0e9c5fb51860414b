import type { SourceFacts } from '@tesserae/core';

/** What became of a picture on its way into the model; undefined where it was taken as it is. */
export function describeTreatment(source: SourceFacts): string | undefined {
  if (source.modality !== 'image') return undefined;
  const { crop, scale, pad, fit } = (source.extra ?? {}) as {
    readonly fit?: string;
    readonly crop?: readonly number[];
    readonly scale?: readonly number[];
    readonly pad?: readonly number[];
  };
  const { width, height } = source;
  const parts: string[] = [];
  const [left = 0, top = 0, right = width, bottom = height] = (crop ?? []).map(Math.round);
  if (fit !== 'tiles' && (left > 0 || top > 0 || right < width || bottom < height))
    parts.push(`cropped to ${left},${top} … ${right},${bottom} of ${width} x ${height}`);
  const [horizontal = 1, vertical = 1] = scale ?? [];
  if (horizontal !== 1 || vertical !== 1)
    parts.push(
      `scaled by ${[...new Set([horizontal, vertical].map((value) => Number(value.toFixed(3))))].join(' x ')}`,
    );
  if (fit !== 'tiles' && pad?.some((pixels) => pixels > 0)) parts.push(`padded by ${pad.join(', ')}`);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** What a user should know about how a picture was read: alpha that was dropped, odd files that Pillow reads its way. */
export function readingNotes(source: SourceFacts): readonly string[] {
  if (source.modality !== 'image') return [];
  const { warnings = [], alpha } = (source.extra ?? {}) as {
    readonly warnings?: readonly string[];
    readonly alpha?: string;
  };
  return [...warnings, ...(alpha === undefined ? [] : [`transparency was ${alpha}`])];
}
