import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyrightOf, type FileCopyright, parseDebianCopyright } from './debian-copyright';
import { copyrightText, type FetchedPackage, filesOf } from './packages';
import { readQtResources } from './qt-resources';
import type { SourceFile } from './source-file';

/** Photographs of the Lomiri backgrounds; the renderings among them go with the textures. */
export function lomiriPictures(source: FetchedPackage): readonly SourceFile[] {
  const stanzas = parseDebianCopyright(copyrightText(source));
  const release = source.name.split('-').at(-1)!;
  const renderings = /^(analogpattern|umang|Fossa|Infinite-Sea|Painting-Colors)/;
  return filesOf(source, 'usr/share/backgrounds', /\.jpg$/).flatMap((path) => {
    const name = path.split('/').at(-1)!;
    const copyright = copyrightOf(stanzas, `${release}/${name}`);
    if (!copyright) return [];
    return [
      {
        set: renderings.test(name) ? ('textures' as const) : ('photos' as const),
        package: source,
        path,
        ...attribution(copyright),
        bytes: () => readFileSync(join(source.root, path)),
      },
    ];
  });
}

/**
 * Pictures of the learning games: what `copyright` names one by one, icons left out. The drawings of the
 * vocabulary game are a set of their own. WebP at a few hundred pixels shows its blocks at full size, so those crops are
 * cut from smaller copies.
 */
export function gcomprisPictures(source: FetchedPackage): readonly SourceFile[] {
  const stanzas = parseDebianCopyright(copyrightText(source)).filter(({ patterns }) => !patterns.includes('*'));
  return filesOf(source, 'usr/share/gcompris-qt/rcc', /\.rcc$/).flatMap((archive) =>
    readQtResources(readFileSync(join(source.root, archive)), archive).flatMap(({ path, bytes }) => {
      const drawing = path.includes('/activities/lang/');
      if (!path.endsWith('.webp') || bytes().length < (drawing ? 12_000 : 4000)) return [];
      const copyright = copyrightOf(stanzas, path.replace(/^gcompris\//, ''), { byStem: true });
      if (!copyright) return [];
      return [
        {
          set: drawing ? ('drawings' as const) : ('photos' as const),
          package: source,
          path: `${archive}!/${path}`,
          ...attribution(copyright),
          bytes,
          maxScale: 0.75,
        },
      ];
    }),
  );
}

/** The phone photographs; the logos beside them and the film with a face are left out. */
export function forensicsPictures(source: FetchedPackage): readonly SourceFile[] {
  const stanzas = parseDebianCopyright(copyrightText(source));
  const folder = 'usr/share/forensics-samples/';
  return filesOf(source, folder, /\/pic[12]\/IMG[^/]*\.jpe?g$/i).flatMap((path) => {
    const copyright = copyrightOf(stanzas, path.slice(folder.length));
    if (!copyright) return [];
    const bytes = () => readFileSync(join(source.root, path));
    return [{ set: 'photos' as const, package: source, path, ...attribution(copyright), bytes }];
  });
}

/** Photographs among the codec's test pictures that have at least 500 pixels a side. */
export function jpegXlPictures(source: FetchedPackage): readonly SourceFile[] {
  const stanzas = parseDebianCopyright(copyrightText(source));
  const folder = 'usr/share/libjxl-testdata/';
  return filesOf(source, folder, /\/(500px\/[^/]*_srgb8|flower\/flower)\.png$/).flatMap((path) => {
    const copyright = copyrightOf(stanzas, path.slice(folder.length));
    if (!copyright) return [];
    const bytes = () => readFileSync(join(source.root, path));
    return [{ set: 'photos' as const, package: source, path, ...attribution(copyright), bytes }];
  });
}

/**
 * What the loaders' doc strings in `skimage/data/_fetchers.py` say of each picture. Left out: `astronaut.png` (a
 * recognisable person), `motorcycle_*` (research only), pictures of text, and those without a word on their terms.
 */
const scikitImage: readonly (readonly [file: string, author: string, licence: string])[] = [
  ['brick.png', 'CC0Textures', 'CC0'],
  ['camera.png', 'Lav Varshney', 'CC0'],
  ['chelsea.png', 'Stefan van der Walt', 'CC0'],
  ['clock_motion.png', 'Stefan van der Walt', 'public-domain'],
  ['coffee.png', 'Rachel Michetti', 'CC0'],
  ['grass.png', 'linolafett', 'CC0'],
  ['gravel.png', 'CC0Textures', 'CC0'],
  ['hubble_deep_field.jpg', 'NASA', 'public-domain'],
  ['retina.jpg', 'Mikael Häggström', 'CC0'],
  ['rocket.jpg', 'SpaceX', 'public-domain'],
];

/** Example pictures of scikit-image whose loader states free terms. */
export function scikitImagePictures(source: FetchedPackage): readonly SourceFile[] {
  return filesOf(source, 'usr/lib/python3/dist-packages/skimage/data', /\.(png|jpg)$/).flatMap((path) => {
    const known = scikitImage.find(([file]) => path.endsWith(`/${file}`));
    if (!known) return [];
    const bytes = () => readFileSync(join(source.root, path));
    return [{ set: 'photos' as const, package: source, path, author: known[1], licence: known[2], bytes }];
  });
}

/** The two example photographs of scikit-learn (terms in the `README.txt` beside them): evaluation only. */
export function scikitLearnPictures(source: FetchedPackage): readonly SourceFile[] {
  return filesOf(source, 'usr/lib/python3/dist-packages/sklearn/datasets/images', /\.jpg$/).map((path) => ({
    set: 'photos',
    package: source,
    path,
    author: path.endsWith('/china.jpg') ? 'danielbuechele' : 'vultilion',
    licence: 'CC-BY-2.0',
    bytes: () => readFileSync(join(source.root, path)),
    evaluationOnly: true,
  }));
}

function attribution({ author, licence, comment }: FileCopyright) {
  const origin = /https?:\/\/\S+/.exec(comment)?.[0];
  return { author, licence, ...(origin === undefined ? {} : { origin }) };
}
