import type { Checkpoint } from './checkpoint';
import { nestedKeys, selectNested, stripPrefix } from './nesting';

/** Containers around a state dict, outermost first; EMA copies are preferred where a file has both. */
const containers = ['state_dict', 'model_state_dict', 'ema', 'ema_state_dict', 'model', 'module'];
const wrappers = ['module.', '_orig_mod.', '_checkpoint_wrapped_module.'];

/** Walks into the usual containers and takes wrapper prefixes off; a flat state dict comes back as it is. */
export function unwrapCheckpoint(checkpoint: Checkpoint): Checkpoint {
  return unwrapped(checkpoint).checkpoint;
}

/** What {@link unwrapCheckpoint} takes off: `state_dict.module.`; empty where nothing. Other tensors it leaves out. */
export function unwrapPrefix(checkpoint: Checkpoint): string {
  return unwrapped(checkpoint).prefix;
}

function unwrapped(checkpoint: Checkpoint): { readonly checkpoint: Checkpoint; readonly prefix: string } {
  let current = checkpoint;
  let prefix = '';
  for (let depth = 0; depth < containers.length; depth += 1) {
    const nested = nestedKeys(current);
    const container = containers.find(
      (name) => nested.includes(name) && (name !== 'model' || depth > 0 || holdsEverything(current, name)),
    );
    if (container === undefined) break;
    current = selectNested(current, [container]);
    prefix += `${container}.`;
  }
  for (const wrapper of wrappers) {
    if (current.keys().length > 0 && current.keys().every((key) => key.startsWith(wrapper))) {
      current = stripPrefix(current, wrapper);
      prefix += wrapper;
    }
  }
  return { checkpoint: current, prefix };
}

/** `model.` is also a module name of many networks: it is a container only where nothing lies beside it. */
function holdsEverything(checkpoint: Checkpoint, name: string): boolean {
  return checkpoint.keys().every((key) => key.startsWith(`${name}.`));
}
