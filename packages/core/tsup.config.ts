import { copyFile } from 'node:fs/promises';
import { tesseraeBuild } from '@tesserae/build/tsup';

export default tesseraeBuild({
  entry: {
    index: 'src/index.ts',
    data: 'src/data.ts',
    hub: 'src/hub.ts',
    nn: 'src/nn.ts',
    raster: 'src/raster.ts',
    metrics: 'src/metrics.ts',
    train: 'src/train.ts',
    test: 'src/test.ts',
    'platform/node': 'src/platform/node.ts',
    'platform/web': 'src/platform/web.ts',
  },
  // Started by its URL beside the module that starts it, and every chunk lies at the top of dist.
  onSuccess: () => copyFile('src/engine/onnx/session-worker.js', 'dist/session-worker.js'),
});
