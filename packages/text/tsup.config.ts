import { tesseraeBuild } from '@tesserae/build/tsup';

export default tesseraeBuild({
  // Nothing is installed with this package: what it uses of core is plain data, and becomes part of it.
  noExternal: ['@tesserae/core/data', '@huggingface/jinja'],
  dts: { resolve: ['@tesserae/core/data'] },
  esbuildOptions(options) {
    options.conditions = ['@tesserae/source'];
  },
  entry: {
    index: 'src/index.ts',
    // By itself, so that a page that wants a vocabulary by its name loads no readers of files.
    'text-tokenizers': 'src/text-tokenizers.ts',
    probability: 'src/probability.ts',
    transfer: 'src/transfer.ts',
    analysis: 'src/analysis.ts',
    'vocabularies/r50k_base': 'src/vocabularies/r50k_base.ts',
    'vocabularies/p50k_base': 'src/vocabularies/p50k_base.ts',
    'vocabularies/cl100k_base': 'src/vocabularies/cl100k_base.ts',
    'vocabularies/o200k_base': 'src/vocabularies/o200k_base.ts',
    segment: 'src/segment.ts',
    romanize: 'src/romanize.ts',
    neural: 'src/neural.ts',
    train: 'src/train.ts',
    'train-node': 'src/train-node.ts',
    // The program of a counting thread, beside the entry that starts it.
    'count-worker': 'src/training/node/count-worker.ts',
    chat: 'src/chat.ts',
    workers: 'src/workers.ts',
    // The program of an encoding thread.
    'text-thread': 'src/workers/text-thread.ts',
  },
});
