import type { PatternNode } from './pattern-tree';
import { type PatternMatcher, steppedPattern } from './stepped-pattern';

/** Texts up to here are matched at once: the square of their length is still little. */
const shortText = 1 << 12;
/** Attempts between two looks at the clock. */
const attemptsAtOnce = 64;
/** Milliseconds for a text: so many, and so many a UTF-16 unit. */
const baseTime = 200;
const unitTime = 0.0002;
/** Steps a UTF-16 unit once the time is over. */
const unitSteps = 50;

/** Repeats of more than so many characters count as long. */
const fewRepeats = 64;

/**
 * True where an attempt may look far ahead and fail, so that the time may grow with the square of a text's length: a long
 * repeat with something behind it that has to match, or inside a look.
 *
 * @param isFollowed - Something behind the node has to match.
 */
export function mayCrawl(node: PatternNode, isFollowed = false): boolean {
  switch (node.kind) {
    case 'set':
    case 'reference':
      return false;
    case 'look':
      return mayCrawl(node.node, true);
    case 'group':
      return mayCrawl(node.node, isFollowed);
    case 'choice':
      return node.nodes.some((one) => mayCrawl(one, isFollowed));
    case 'repeat':
      return (node.most > fewRepeats && isFollowed) || mayCrawl(node.node, isFollowed || node.most > 1);
    case 'sequence': {
      let isBefore = isFollowed;
      for (const one of node.nodes.toReversed()) {
        if (mayCrawl(one, isBefore)) return true;
        isBefore ||= one.kind !== 'repeat' || one.least > 0;
      }
      return false;
    }
  }
}

/** How a text is doing. */
interface Watch {
  text: string;
  /** Milliseconds so far. */
  spent: number;
  attempts: number;
}

/**
 * Matches by the engine of the runtime, place by place with an eye on the clock. A text that takes longer than 0.2
 * seconds and 0.2 microseconds a UTF-16 unit is matched by counted steps from there on.
 *
 * @param regex - With the flags `g` and `u`.
 * @throws {UnsupportedError} A text then needs more than 2,000,000 steps and 50 a UTF-16 unit.
 */
export function watchedPattern(regex: RegExp, tree: PatternNode, pattern: string): PatternMatcher {
  const sticky = new RegExp(regex.source, 'uy');
  const watch: Watch = { text: '', spent: 0, attempts: 0 };
  let stepped: PatternMatcher | undefined;
  const matcher: PatternMatcher = {
    lastIndex: 0,
    exec(text) {
      if (text.length <= shortText) return handOn(regex, text);
      if (matcher.lastIndex === 0 || watch.text !== text) {
        watch.text = text;
        watch.spent = 0;
      }
      const most = baseTime + unitTime * text.length;
      let since = performance.now();
      const isLate = (): boolean => {
        if ((watch.attempts += 1) % attemptsAtOnce === 0) {
          const now = performance.now();
          watch.spent += now - since;
          since = now;
        }
        return watch.spent > most;
      };
      for (let start = matcher.lastIndex; start <= text.length;) {
        if (isLate()) {
          matcher.lastIndex = start;
          return handOn((stepped ??= steppedPattern(tree, pattern, unitSteps)), text);
        }
        sticky.lastIndex = start;
        const found = sticky.exec(text);
        if (found) {
          matcher.lastIndex = sticky.lastIndex;
          return found;
        }
        start += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
      }
      matcher.lastIndex = 0;
      return null;
    },
  };
  const handOn = (other: PatternMatcher, text: string) => {
    other.lastIndex = matcher.lastIndex;
    const found = other.exec(text);
    matcher.lastIndex = other.lastIndex;
    return found;
  };
  return matcher;
}
