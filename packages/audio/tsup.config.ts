import { tesseraeBuild } from '@tesserae/build/tsup';

export default tesseraeBuild({
  entry: {
    index: 'src/index.ts',
    metrics: 'src/metrics.ts',
  },
});
