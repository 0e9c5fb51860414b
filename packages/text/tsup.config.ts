import { tesseraeBuild } from '@tesserae/build/tsup';

export default tesseraeBuild({
  entry: {
    index: 'src/index.ts',
    probability: 'src/probability.ts',
    transfer: 'src/transfer.ts',
    analysis: 'src/analysis.ts',
  },
});
