import { describe, expect, it } from 'vitest';
import { floats, safetensors, torchZip } from '../../test/attacks/file-writers';
import { call, dict, global, integer, tensor, text, tuple, type Part } from '../../test/attacks/pickle-writer';
import { embeddedConfigs } from './embedded-config';
import { openCheckpoint } from './open-checkpoint';

const weights = { '0': floats(1, 2) };
const namespace = (...fields: readonly (readonly [string, Part])[]): Part => [
  global('argparse', 'Namespace'),
  ')\x81',
  dict(...fields),
  'b',
];

describe('configurations in checkpoints', () => {
  it('are the Namespace of Lightning hyperparameters, the innermost first', async () => {
    const checkpoint = await openCheckpoint(
      torchZip(
        dict(
          ['state_dict', dict(['w', tensor({ shape: [2] })])],
          [
            'hyper_parameters',
            dict(['args', namespace(['patch', integer(8)], ['rates', tuple(integer(1), integer(2))])]),
          ],
          ['optimizer_states', dict()],
        ),
        weights,
      ),
    );
    expect(embeddedConfigs(checkpoint)).toEqual([
      { path: 'hyper_parameters.args', json: { patch: 8, rates: [1, 2] } },
      { path: 'hyper_parameters', json: { args: { patch: 8, rates: [1, 2] } } },
    ]);
    expect(checkpoint.foreignNames).toBeUndefined();
  });

  it('are keyword arguments beside a state dict', async () => {
    const checkpoint = await openCheckpoint(
      torchZip(
        dict(
          ['state_dict', dict(['w', tensor({ shape: [2] })])],
          [
            'metadata',
            dict([
              'kwargs',
              call(global('collections', 'OrderedDict'), [']', '(', ']', '(', text('hop'), integer(320), 'e', 'e']),
            ]),
          ],
        ),
        weights,
      ),
    );
    expect(embeddedConfigs(checkpoint)[0]).toEqual({ path: 'metadata.kwargs', json: { hop: 320 } });
  });

  it('are the strings of a safetensors header', async () => {
    const header = (metadata: Readonly<Record<string, string>>) =>
      openCheckpoint(
        safetensors({ __metadata__: metadata, w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, floats(1, 2)),
      );
    expect(embeddedConfigs(await header({ format: 'pt', config: '{"a": [1]}' }))[0]).toEqual({
      path: 'config',
      json: { a: [1] },
    });
    expect(
      embeddedConfigs(
        await header({ format: 'pt', encoder: "{'_target_': 'x.Y', 'n': None}", depth: '12', ema: 'True' }),
      ),
    ).toEqual([{ path: '__metadata__', json: { encoder: { _target_: 'x.Y', n: null }, depth: 12, ema: true } }]);
    expect(embeddedConfigs(await header({ format: 'pt' }))).toEqual([]);
  });
});
