import { tesseraeBuild } from '@tesserae/build/tsup';

export default tesseraeBuild({
  entry: {
    index: 'src/index.ts',
    metrics: 'src/metrics.ts',
    train: 'src/train.ts',
    'io/files-node': 'src/io/files-node.ts',
    'io/files-web': 'src/io/files-web.ts',
  },
});
