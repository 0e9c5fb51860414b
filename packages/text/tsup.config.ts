import { tesseraeBuild } from '@tesserae/build/tsup';

export default tesseraeBuild({
  entry: {
    index: 'src/index.ts',
    probability: 'src/probability.ts',
    transfer: 'src/transfer.ts',
    analysis: 'src/analysis.ts',
    'vocabularies/r50k_base': 'src/vocabularies/r50k_base.ts',
    'vocabularies/p50k_base': 'src/vocabularies/p50k_base.ts',
    'vocabularies/cl100k_base': 'src/vocabularies/cl100k_base.ts',
    'vocabularies/o200k_base': 'src/vocabularies/o200k_base.ts',
    segment: 'src/segment.ts',
  },
});
