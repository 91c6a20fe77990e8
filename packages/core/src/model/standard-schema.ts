/**
 * The validating part of the Standard Schema interface, version 1. Schemas of zod, valibot, arktype
 * and other libraries implement it.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output> {
  /** The members that the specification defines. */
  readonly '~standard': {
    /** The version of the specification. */
    readonly version: 1;
    /** The name of the library. */
    readonly vendor: string;
    /** Validates the claims; may return a promise. */
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  };
}

/** The result of a schema: a value, or a list of issues. With `issues` the token is refused. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<{ readonly message: string }> };
