// What is used of a Standard Schema (https://standardschema.dev, version 1): zod, valibot and arktype schemas all fit.

/** A run-time check with a static type. Structurally a `StandardSchemaV1`. */
export interface Schema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

/** The value as the schema leaves it, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
      }[]
    }

/** The issues of a failed check in one line: `text: too long; author.id: required`. */
export function describeIssues(issues: NonNullable<SchemaResult<unknown>['issues']>): string {
  return issues
    .map(({ message, path }) => {
      const where = path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
      return where === undefined || where === '' ? message : `${where}: ${message}`
    })
    .join('; ')
}
