import type { ParityRunners } from '../../src/test/parity/parity-case';
import { runAveragedVectors } from './averaged-vectors';
import { runBinaryLatent, runBinaryMapper } from './binary-latents';
import { runBsq } from './binary-spherical';
import { byImplementation } from './by-implementation';
import { runGaussian, runLatent, runPtq } from './continuous';
import { runEncodecVectors } from './encodec-vectors';
import { runCosmosFsq, runLucidrainsFsq, runS3Fsq } from './finite-scalars';
import { runGumbel, runIbq } from './likely-codes';
import { runFactorizedLfq, runLucidrainsLfq } from './lookup-free';
import { runLucidrainsVq } from './lucidrains-vq';
import { runHierarchical, runVarMultiScale, runXqganMultiScale } from './multi-scale';
import { runFsp } from './perturbed-scalars';
import { runLucidrainsResidual } from './residual';
import { runDac } from './residual-dac';
import { runEncodec } from './residual-encodec';
import { runRotation } from './rotation';
import { runDual, runMemcodes, runRandomProjection } from './several-tables';
import { runSimVq } from './simulated-vectors';
import { runUsageRing, runVectorQuantizer } from './vector-quantizers';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {
  kl: byImplementation({ kl: runGaussian }),
  latent: byImplementation({ lucidrains: runLatent }),
  ptq: byImplementation({ 'tokenbridge-ptq': runPtq }),
  binary: byImplementation({ 'elm-bae': runBinaryLatent, instella: runBinaryLatent }),
  'binary-mapper': byImplementation({ lucidrains: runBinaryMapper }),
  bsq: byImplementation({ bsq: runBsq }),
  lfq: byImplementation({ lucidrains: runLucidrainsLfq, magvit2: runFactorizedLfq }),
  gq: byImplementation({ wetok: runFactorizedLfq }),
  fsp: byImplementation({ lucidrains: runFsp }),
  fsq: byImplementation({ lucidrains: runLucidrainsFsq, cosmos: runCosmosFsq, 's3-fsq': runS3Fsq }),
  multiscale: byImplementation({ var: runVarMultiScale, 'xqgan-ms': runXqganMultiScale }),
  'multiscale-hvq': byImplementation({ lucidrains: runHierarchical }),
  dual: byImplementation({ tokenflow: runDual }),
  gumbel: byImplementation({ taming: runGumbel }),
  ibq: byImplementation({ ibq: runIbq }),
  memcodes: byImplementation({ '4m-memcodes': runMemcodes }),
  'random-projection': byImplementation({ lucidrains: runRandomProjection }),
  simvq: byImplementation({ lucidrains: runSimVq, simvq: runSimVq }),
  rotation: runRotation,
  rvq: byImplementation({ dac: runDac, encodec: runEncodec, lucidrains: runLucidrainsResidual }),
  stats: byImplementation({ llamagen: runUsageRing }),
  vq: byImplementation({
    '4m': runAveragedVectors,
    encodec: runEncodecVectors,
    lucidrains: runLucidrainsVq,
    'norm-ema': runAveragedVectors,
    'sonnet-ema': runAveragedVectors,
    taming: runVectorQuantizer,
    llamagen: runVectorQuantizer,
    lavit: runVectorQuantizer,
  }),
};
