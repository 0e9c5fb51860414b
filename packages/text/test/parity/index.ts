import type { ParityRunners } from '@tesserae/core/test';
import { runBoundlessBpe } from './boundlessbpe';
import { runComponents } from './components';
import { runCompoundpiece } from './compoundpiece';
import { runDigits } from './digits';
import { runDynamicBpe } from './dynamic-bpe';
import { runExactBytes } from './exact-bytes';
import { runFocus } from './focus';
import { runFusechat } from './fusechat';
import { runGfd } from './gfd';
import { runHf } from './hf';
import { runLib } from './lib';
import { runMagnet } from './magnet';
import { runMixture } from './mixture';
import { runMrt5 } from './mrt5';
import { runQtok } from './qtok';
import { runSat } from './sat';
import { runSentencePiece } from './sentencepiece';
import { runStrings } from './strings';
import { runTiktoken } from './tiktoken';
import { runTraining } from './training';
import { runTranstokenizer } from './transtokenizer';
import { runUroman } from './uroman';
import { runWechsel } from './wechsel';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {
  boundlessbpe: runBoundlessBpe,
  components: runComponents,
  compoundpiece: runCompoundpiece,
  digits: runDigits,
  'dynamic-bpe': runDynamicBpe,
  'exact-bytes': runExactBytes,
  focus: runFocus,
  fusechat: runFusechat,
  hf: runHf,
  gfd: runGfd,
  lib: runLib,
  magnet: runMagnet,
  mixture: runMixture,
  mrt5: runMrt5,
  qtok: runQtok,
  sat: runSat,
  sentencepiece: runSentencePiece,
  strings: runStrings,
  tiktoken: runTiktoken,
  training: runTraining,
  transtokenizer: runTranstokenizer,
  uroman: runUroman,
  wechsel: runWechsel,
};
