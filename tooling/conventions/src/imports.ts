export interface Import {
  readonly from: string;
  /** `import type`, `export type`: nothing is loaded at run time. */
  readonly typeOnly: boolean;
  /** Written as `import('…')`. */
  readonly lazy: boolean;
}

const statement =
  /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/gm;
const comment = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** What a module imports and re-exports, in order. Comments do not count. */
export function importsOf(text: string): readonly Import[] {
  return [...text.replace(comment, '').matchAll(statement)].map(([whole, type, from, lazyFrom]) => ({
    from: from ?? lazyFrom ?? '',
    typeOnly: type !== undefined || onlyInlineTypes(whole),
    lazy: from === undefined,
  }));
}

/** `import { type A, type B } from …`. */
function onlyInlineTypes(whole: string): boolean {
  const names =
    /\{([^}]*)\}/
      .exec(whole)?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean) ?? [];
  return names.length > 0 && names.every((name) => name.startsWith('type '));
}
