import { type CaseResult, figure } from '@tesserae/core/test';

const statusWidth = 6;
const idWidth = 38;
const detailWidth = 32;

/** One line of output for one case. */
export function resultLine(result: CaseResult): string {
  const { status, id, message = '' } = result;
  if (status === 'not implemented') return `not implemented  ${id}`;
  const start = `${status.padEnd(statusWidth)}${id.padEnd(idWidth)}`;
  if (status !== 'ok') return `${start} ${oneLine(message)}`;
  return `${start} ${okDetail(result).padEnd(detailWidth)} ${result.seconds.toFixed(1).padStart(6)} s`;
}

/** `14 tensors, worst 3.1e-6`; cases of strings and ids have checks instead. */
function okDetail({ tensors, checks, worst }: CaseResult): string {
  const parts = [
    ...(tensors > 0 || checks === 0 ? [count(tensors, 'tensor')] : []),
    ...(checks > 0 ? [count(checks, 'check')] : []),
    ...(tensors > 0 ? [`worst ${figure(worst)}`] : []),
  ];
  return parts.join(', ');
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** Every line of the output begins with a status, so a message has none of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' | ').trim();
}

/** The last line: all three counts, whatever they are. */
export function totalsLine(results: readonly CaseResult[]): string {
  const { passed, failed, skipped } = totalsOf(results);
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

export function totalsOf(results: readonly CaseResult[]) {
  const of = (status: CaseResult['status']) => results.filter((result) => result.status === status).length;
  return { passed: of('ok'), failed: of('FAIL'), skipped: of('skip'), notImplemented: of('not implemented') };
}
