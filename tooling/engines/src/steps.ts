import { spawnSync } from 'node:child_process';

/** Something that this machine does not have; the message is one line. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** Says what is about to happen. */
export function say(what: string): void {
  console.log(`engines: ${what}`);
}

export interface CommandResult {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a command and keeps its output. */
export function attempt(command: string, given: readonly string[], folder?: string): CommandResult {
  const { status, stdout, stderr, error } = spawnSync(command, [...given], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    // npm's own settings of the script that runs this belong to another folder.
    env: { ...process.env, npm_config_local_prefix: undefined },
  });
  return { ok: status === 0, output: error ? error.message : `${stdout}${stderr}` };
}

/** The same for a step that must not fail. @throws {Error} With the command and what it said. */
export function must(command: string, given: readonly string[], folder?: string): string {
  const { ok, output } = attempt(command, given, folder);
  if (!ok) throw new Error(`"${command} ${given.join(' ')}" failed:\n${output.trim()}`);
  return output;
}

/** The last line that says anything. */
export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
