import type { ParityRunners } from '@tesserae/core/test';
import { runComponents } from './components';
import { runDigits } from './digits';
import { runDynamicBpe } from './dynamic-bpe';
import { runFocus } from './focus';
import { runFusechat } from './fusechat';
import { runGfd } from './gfd';
import { runHf } from './hf';
import { runMixture } from './mixture';
import { runSat } from './sat';
import { runSentencePiece } from './sentencepiece';
import { runStrings } from './strings';
import { runTiktoken } from './tiktoken';
import { runTranstokenizer } from './transtokenizer';
import { runWechsel } from './wechsel';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {
  components: runComponents,
  digits: runDigits,
  'dynamic-bpe': runDynamicBpe,
  focus: runFocus,
  fusechat: runFusechat,
  hf: runHf,
  gfd: runGfd,
  mixture: runMixture,
  sat: runSat,
  sentencepiece: runSentencePiece,
  strings: runStrings,
  tiktoken: runTiktoken,
  transtokenizer: runTranstokenizer,
  wechsel: runWechsel,
};
