import { isPlanned, publishedPackages } from '../packages';
import type { Rule } from '../rule';

/**
 * A package's README says what it is, how to install it, shows an example with its output, lists its systems and says
 * under which licences weights are. One that has nothing yet says that it is planned.
 */
export const readmeSections: Rule = {
  name: 'readme-sections',
  check: (tree) =>
    publishedPackages(tree)
      .filter(({ kind, folder }) => kind === 'package' && tree.has(`${folder}/README.md`))
      .flatMap(({ folder, manifest }) => {
        const file = `${folder}/README.md`;
        return problemsOf(tree.read(file), manifest.name, isPlanned(tree, folder), folder !== 'packages/core').map(
          (message) => ({ file, message }),
        );
      }),
};

function problemsOf(text: string, name: string, planned: boolean, hasSystems: boolean): readonly string[] {
  const problems: string[] = [];
  const need = (condition: boolean, message: string) => void (condition || problems.push(message));
  need(text.startsWith(`# ${name}\n\n`), `does not begin with "# ${name}" and a paragraph that says what it is`);
  if (planned) {
    need(/\bplanned\b/i.test(text), 'does not say that the package is planned');
    return problems;
  }
  need(/^## Install$/m.test(text), 'has no section "Install"');
  need(/^## Example$[\s\S]*?^```js$/m.test(text), 'has no section "Example" with a js block');
  need(/^```js$[\s\S]*?^```$[\s\S]*?^```text$/m.test(text), 'does not show what its example prints in a text block');
  if (!hasSystems) return problems;
  need(/^## Systems$[^#]*?^\|/m.test(text), 'has no section "Systems" with a table');
  need(/^## Weight licen[cs]es$/m.test(text), 'has no section "Weight licenses"');
  return problems;
}
