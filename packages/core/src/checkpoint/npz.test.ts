import { describe, expect, it } from 'vitest';
import { floats, npy, zip } from '../../test/attacks/file-writers';
import { call, dict, global, integer, pickle, text, tuple } from '../../test/attacks/pickle-writer';
import { temporaryFiles, values } from '../../test/temporary-files';
import { openCheckpoint } from './open-checkpoint';

const files = temporaryFiles();
describe('numpy', () => {
  const c = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", floats(1, 2, 3, 4));
  const fortran = npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", floats(1, 2, 3, 4));

  it('reads npy and npz, stored and compressed, in both orders', async () => {
    const single = await openCheckpoint(c);
    expect(await values(single, 'tensor')).toEqual([1, 2, 3, 4]);
    for (const deflated of [false, true]) {
      const bytes = zip([
        { name: 'c.npy', data: c, deflated },
        { name: 'f.npy', data: fortran, deflated },
      ]);
      for (const input of [bytes, await files.write('arrays.npz', bytes)]) {
        const checkpoint = await openCheckpoint(input);
        expect(checkpoint.format).toBe('npz');
        expect(await values(checkpoint, 'c')).toEqual([1, 2, 3, 4]);
        expect(await values(checkpoint, 'f')).toEqual([1, 3, 2, 4]);
        await checkpoint.close();
      }
    }
  });

  it('reads arrays of a plain pickle', async () => {
    const array = [
      call(global('numpy.core.multiarray', '_reconstruct'), global('numpy', 'ndarray'), tuple(integer(0)), text('b')),
      tuple(
        integer(1),
        tuple(integer(2)),
        [call(global('numpy', 'dtype'), text('f4'), '\x89', '\x88'), tuple(integer(3), text('<'), 'N', 'N', 'N'), 'b'],
        '\x89',
        ['C', 8, floats(1, 2)],
      ),
      'b',
    ];
    const checkpoint = await openCheckpoint(pickle(dict(['mean', array])));
    expect(await values(checkpoint, 'mean')).toEqual([1, 2]);
  });
});
