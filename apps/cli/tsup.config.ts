import { tesseraeBuild } from '@tesserae/build/tsup';

export default tesseraeBuild({ entry: { main: 'src/main.ts' }, platform: 'node', dts: false });
