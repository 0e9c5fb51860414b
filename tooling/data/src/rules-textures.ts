import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { copyrightOf, parseDebianCopyright } from './debian-copyright';
import { copyrightText, type FetchedPackage, filesOf } from './packages';
import type { SourceFile } from './source-file';

const pictures = /\.(png|jpe?g)$/i;

/** Textures under this size in bytes are icons and swatches. */
const smallestTexture = 60_000;

/** Data in the channels of a picture, not colours. */
const notColour = /(normal|nmap|gloss|pbr|specular|[-_]spec|emit|mask|lightmap|[-_](nm|nrm|n)[-_.])/i;

/** Pictures in pictures whose own origin nobody states, banknotes, brands, a passer-by. */
const unclear = /(\/black_forest\/painting|\/newspaper\/|-euros\/|\/iphone\/|\/kitchenaid\/|\/frame2\/)/i;

/** Textures of the racing game, with the terms of each file; the default there is the GPL. */
export function superTuxKartTextures(source: FetchedPackage): readonly SourceFile[] {
  const folder = 'usr/share/games/supertuxkart/';
  const ofInterest = /\/data\/(textures|tracks|library|models)\//;
  return gameTextures(source, folder, (path) => ofInterest.test(path));
}

/** Textures of the strategy game; the pictures of its manual are left out. */
export function megaGlestTextures(source: FetchedPackage): readonly SourceFile[] {
  const folder = 'usr/share/games/megaglest/';
  return gameTextures(source, folder, (path) => !path.startsWith(`${folder}docs/`));
}

/** Models whose geometry is among the samples: their textures are left out too. */
const sampleModels = new Set(['armchair', 'chair2', 'pianoAQueue', 'deer', 'basketball', 'cissors_swap', 'cupcake']);

/**
 * Textures over 20 kB of the furniture catalogues (zip files), credited to the creator that the catalogue names. Figures
 * of people are left out, and so are the rendered icons.
 */
export function sweetHomeTextures(source: FetchedPackage): readonly SourceFile[] {
  const stanzas = parseDebianCopyright(copyrightText(source));
  return filesOf(source, 'usr/share/sweethome3d/furniture', /\.sh3f$/).flatMap((archive) => {
    const catalogue = archive.split('/').at(-1)!.replace('.sh3f', '');
    const copyright = copyrightOf(stanzas, `${catalogue}/model`);
    if (!copyright) return [];
    const list = 'PluginFurnitureCatalog.properties';
    const members = unzipSync(readFileSync(join(source.root, archive)), {
      filter: ({ name, originalSize }) =>
        name === list || (pictures.test(name) && name.split('/').length === 3 && originalSize > 20_000),
    });
    const models = catalogueModels(Buffer.from(members[list] ?? []).toString('latin1'));
    return Object.keys(members)
      .filter((name) => name !== list)
      .toSorted()
      .flatMap((name) => {
        const folder = name.split('/')[1]!;
        const model = models.get(folder);
        if (sampleModels.has(folder) || unclear.test(name) || model?.category === 'Characters') return [];
        return [
          {
            set: 'textures' as const,
            package: source,
            path: `${archive}!/${name}`,
            author: model?.creator ?? copyright.author,
            licence: copyright.licence,
            bytes: () => members[name]!,
          },
        ];
      });
  });
}

/** Paintings among the Plasma wallpapers: those whose `metadata.json` gives share-alike terms. */
export function plasmaPaintings(source: FetchedPackage): readonly SourceFile[] {
  return filesOf(source, 'usr/share/wallpapers', /\/metadata\.json$/).flatMap((metadata) => {
    const { author, licence } = plasmaMetadata(readFileSync(join(source.root, metadata), 'utf8'));
    if (licence !== 'CC-BY-SA-4.0') return [];
    const folder = metadata.replace(/metadata\.json$/, 'contents/');
    return filesOf(source, folder, /\/images(_dark)?\/\d+x\d+\.(png|jpg)$/)
      .filter((path) => !/\/\d{3,4}x(1440|1920)\./.test(path))
      .map((path) => ({
        set: 'textures' as const,
        package: source,
        path,
        author,
        licence,
        bytes: () => readFileSync(join(source.root, path)),
      }));
  });
}

/** The abstract renderings of the UKUI wallpapers. */
export function ukuiPaintings(source: FetchedPackage): readonly SourceFile[] {
  const stanzas = parseDebianCopyright(copyrightText(source));
  return filesOf(source, 'usr/share/backgrounds', pictures).flatMap((path) => {
    const copyright = copyrightOf(stanzas, path.split('/').at(-1)!);
    if (!copyright) return [];
    const bytes = () => readFileSync(join(source.root, path));
    const { author, licence } = copyright;
    return [{ set: 'textures' as const, package: source, path, author, licence, bytes }];
  });
}

/**
 * Creator and category of each model of a Sweet Home 3D catalogue.
 *
 * @param text - `PluginFurnitureCatalog.properties`.
 * @returns Keyed by the folder of the model.
 */
export function catalogueModels(
  text: string,
): ReadonlyMap<string, { readonly creator: string | undefined; readonly category: string | undefined }> {
  const properties = new Map(
    [...text.matchAll(/^(model|creator|category)#(\d+)=(.*)$/gm)].map(([, key, index, value]) => [
      `${key}#${index}`,
      value!.trim().replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16))),
    ]),
  );
  const models = new Map<string, { creator: string | undefined; category: string | undefined }>();
  for (const [key, value] of properties) {
    if (!key.startsWith('model#')) continue;
    const index = key.slice('model'.length);
    const folder = value.split('/').at(-2);
    if (folder === undefined) continue;
    models.set(folder, { creator: properties.get(`creator${index}`), category: properties.get(`category${index}`) });
  }
  return models;
}

function gameTextures(
  source: FetchedPackage,
  folder: string,
  wanted: (path: string) => boolean,
): readonly SourceFile[] {
  const stanzas = parseDebianCopyright(copyrightText(source));
  return filesOf(source, folder, pictures)
    .filter((path) => wanted(path) && !notColour.test(path.split('/').at(-1)!) && !unclear.test(path))
    .flatMap((path) => {
      const copyright = copyrightOf(stanzas, path.slice(folder.length));
      if (!copyright) return [];
      const bytes = () => readFileSync(join(source.root, path));
      if (bytes().length < smallestTexture) return [];
      const { author, licence } = copyright;
      return [{ set: 'textures' as const, package: source, path, author, licence, bytes }];
    });
}

function plasmaMetadata(text: string): { readonly author: string; readonly licence: string } {
  const { KPlugin } = JSON.parse(text) as {
    readonly KPlugin?: { readonly Authors?: readonly { readonly Name?: string }[]; readonly License?: string };
  };
  return { author: KPlugin?.Authors?.[0]?.Name ?? 'KDE', licence: KPlugin?.License ?? '' };
}
