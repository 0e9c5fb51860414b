const marker = Symbol.for('tesserae.error');

/** Base class of every error that Tesserae throws on purpose. */
export class TesseraeError extends Error {
  private readonly [marker] = true;
  /** Kebab-case; the values are documented on each subclass. */
  readonly code: string;

  constructor(name: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.code = code;
  }

  /** `instanceof` that also holds across duplicate installs of `@tesserae/core`. */
  static isInstance(error: unknown): error is TesseraeError {
    return error instanceof Error && marker in error;
  }
}
