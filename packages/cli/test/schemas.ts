// The published schemas, as a program that reads our JSON would use them.

import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, formats: { 'date-time': true } })

/** The document itself, if it is what its schema says; else an error with all that is not. */
export function checked<Document>(name: string, document: Document): Document {
  const validate = ajv.getSchema(idOf(name)) ?? ajv.compile(schemaOf(name))
  if (validate(document)) return document
  throw new Error(`${name}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(document, undefined, 2)}`)
}

/** Where the docs site has it. */
export function idOf(name: string): string {
  return `https://plainwire.github.io/schemas/${name}.json`
}

export function schemaOf(name: string): { readonly $id?: string } {
  return JSON.parse(readFileSync(new URL(`../schemas/${name}.json`, import.meta.url), 'utf8'))
}
