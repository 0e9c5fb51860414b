import type { SeanetConfig } from './config';

/** What every `config.json` of the transformers port says about a SEANet. */
export interface PortedSeanet {
  readonly hidden_size: number;
  readonly num_filters: number;
  readonly num_residual_layers: number;
  readonly upsampling_ratios: readonly number[];
  readonly kernel_size: number;
  readonly last_kernel_size: number;
  readonly residual_kernel_size: number;
  readonly dilation_growth_rate: number;
  readonly pad_mode: 'reflect' | 'constant' | 'replicate';
  readonly use_conv_shortcut: boolean;
  readonly compress: number;
}

/** The sizes that all ports name alike; channels, causality, LSTM and norm differ by system. */
export function portedSeanet(args: PortedSeanet) {
  return {
    dimension: args.hidden_size,
    filters: args.num_filters,
    residualLayers: args.num_residual_layers,
    ratios: args.upsampling_ratios,
    kernelSize: args.kernel_size,
    lastKernelSize: args.last_kernel_size,
    residualKernelSize: args.residual_kernel_size,
    dilationBase: args.dilation_growth_rate,
    padding: paddingOf(args.pad_mode),
    trueSkip: !args.use_conv_shortcut,
    compress: args.compress,
  } satisfies Partial<SeanetConfig>;
}

/** The official names of paddings. */
export function paddingOf(mode: 'reflect' | 'constant' | 'replicate'): SeanetConfig['padding'] {
  return mode === 'constant' ? 'zero' : mode;
}
