import { modalityPackages } from '../packages';
import type { Rule, Violation } from '../rule';

/** The part of a package's registry that this rule looks at. */
export interface PresetFacts {
  readonly name: string;
  readonly system: string;
  readonly license: { readonly name: string; readonly use: string };
  readonly paper: string;
  readonly source: {
    readonly repository?: string;
    readonly revision?: string;
    readonly url?: string;
    readonly file: string;
    readonly bundled?: boolean;
    readonly sha256?: string;
  };
}

/** Loads what a package's registry lists; undefined where it has no registry. */
export type PresetReader = (folder: string) => Promise<readonly PresetFacts[] | undefined>;

/** Every preset says where its weights are, under which licence, and where the model is described. */
export function presetsRule(read: PresetReader): Rule {
  return {
    name: 'presets',
    check: async (tree) => {
      const found = await Promise.all(
        modalityPackages(tree).map(async ({ folder }) =>
          ((await read(folder)) ?? []).flatMap((preset) =>
            presetProblems(preset, (file) => tree.has(`${folder}/starter/${file}`)).map((message): Violation => ({
              file: `${folder}/src/${preset.system.split('/')[1]}/config.ts`,
              message: `${preset.name}: ${message}`,
            })),
          ),
        ),
      );
      return found.flat();
    },
  };
}

export function presetProblems(
  { license, paper, source }: PresetFacts,
  isBundled: (file: string) => boolean,
): readonly string[] {
  const problems: string[] = [];
  const need = (condition: boolean, message: string) => void (condition || problems.push(message));
  need(license.name !== '', 'has no licence');
  need(paper !== '', 'names no paper');
  need(source.bundled === true || source.repository !== undefined || source.url !== undefined, 'has no source');
  need(source.revision === undefined || /^[0-9a-f]{40}$/.test(source.revision), 'revision is no full commit');
  need(source.sha256 === undefined || /^[0-9a-f]{64}$/.test(source.sha256), 'sha256 is no SHA-256');
  need(source.bundled !== true || isBundled(source.file), `its file ${source.file} is not in starter/`);
  return problems;
}
