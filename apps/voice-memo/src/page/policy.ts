/** The page compiles the runtime's WebAssembly and reads the weights, both from its own server. */
export const pagePolicy: Readonly<Record<string, string>> = {
  'script-src': "'self' 'wasm-unsafe-eval'",
  'connect-src': "'self'",
};
