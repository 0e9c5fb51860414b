import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const pnpmVersion = '10.34.9';
export const toolsFolder = join(root, '.tools');

/** Where commands of the workspace are found, before everything else on PATH. */
const commandFolders = [join(toolsFolder, 'node_modules', '.bin'), join(root, 'node_modules', '.bin')];

/** Environment of everything that a task starts. */
export function taskEnvironment(extra = {}) {
  const environment = { ...process.env };
  // pnpm reads npm's own settings; `npm run --silent` would hide what it says about a failure.
  delete environment['npm_config_loglevel'];
  const pathName = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...environment,
    [pathName]: [...commandFolders, environment[pathName] ?? ''].join(delimiter),
    INIT_CWD: environment['INIT_CWD'] ?? process.cwd(),
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    TURBO_TELEMETRY_DISABLED: '1',
    ...extra,
  };
}

/** The same, with packages of the workspace resolved to their sources. */
export function sourceEnvironment(extra = {}) {
  const condition = '--conditions=@tesserae/source';
  const options = process.env['NODE_OPTIONS'] ?? '';
  return taskEnvironment({
    NODE_OPTIONS: options.includes(condition) ? options : `${options} ${condition}`.trim(),
    ...extra,
  });
}
