import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';

/**
 * Checks a configuration against a valibot schema.
 *
 * @param where - The file, for messages: `titok config.json`.
 * @throws {ConfigError} Names the first field that is wrong.
 */
export function parseWith<Schema extends v.GenericSchema>(
  schema: Schema,
  json: Json | undefined,
  where: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue);
  throw new ConfigError(field ? `${where}: ${field}` : where, issue.expected ?? issue.message, issue.received, {
    cause: new v.ValiError(result.issues),
  });
}
