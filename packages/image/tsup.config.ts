import { tesseraeBuild } from '@tesserae/build/tsup';

export default tesseraeBuild({
  entry: {
    index: 'src/index.ts',
    metrics: 'src/metrics.ts',
    train: 'src/train.ts',
    'io/decode-node': 'src/io/decode-node.ts',
    'io/decode-web': 'src/io/decode-web.ts',
  },
});
