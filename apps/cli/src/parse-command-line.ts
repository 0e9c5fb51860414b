import { nearestNames } from '@tesserae/core/data';
import { parseArgs, type ArgsDef } from 'citty';
import { UsageError, type ArgumentValue } from './command';

/**
 * Options and operands of one command.
 *
 * @throws {UsageError} An option that the command does not have, or one without its value.
 */
export function parseCommandLine(
  given: readonly string[],
  definitions: ArgsDef,
): { readonly options: Readonly<Record<string, ArgumentValue>>; readonly positionals: readonly string[] } {
  const end = given.indexOf('--');
  const before = end === -1 ? given : given.slice(0, end);
  for (const [index, argument] of before.entries()) {
    if (!argument.startsWith('-') || argument === '-') continue;
    const [name = '', inline] = argument.replace(/^--?/, '').split('=', 2);
    const definition = definitionOf(name, definitions);
    if (!definition) {
      const [near] = nearestNames(name, Object.keys(definitions), 1);
      throw new UsageError(`unknown option ${argument.split('=')[0]}. Did you mean --${near}?`);
    }
    const value = inline ?? given[index + 1];
    if (definition.type === 'string' && (value === undefined || (inline === undefined && /^--?[a-z]/.test(value)))) {
      throw new UsageError(`--${name}: expected a value.`);
    }
  }
  const { _: positionals, ...options } = parseArgs([...given], definitions);
  return { options: options as Readonly<Record<string, ArgumentValue>>, positionals };
}

function definitionOf(name: string, definitions: ArgsDef): ArgsDef[string] | undefined {
  if (Object.hasOwn(definitions, name)) return definitions[name];
  return Object.values(definitions).find((definition) => 'alias' in definition && definition.alias === name);
}
