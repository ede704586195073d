import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { randomFrom } from './random.ts'
import { writeJson } from './write-json.ts'

describe('a value for a schema', () => {
  const schemas = [
    {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 2, maximum: 5 } },
    },
    {
      type: 'object',
      properties: { unit: { enum: ['c', 'f'] }, exact: { type: 'boolean' }, none: { type: 'null' } },
    },
    {
      type: 'object',
      properties: { list: { type: 'array', items: { type: 'number', maximum: 1 }, minItems: 3 } },
    },
    {
      type: 'object',
      properties: { id: { type: ['string', 'null'], minLength: 12 }, tag: { type: 'string', maxLength: 2 } },
    },
    {
      type: 'object',
      properties: {
        from: { $ref: '#/$defs/place' },
        to: { anyOf: [{ $ref: '#/$defs/place' }, { type: 'null' }] },
      },
      required: ['from', 'to'],
      $defs: { place: { type: 'object', properties: { name: { const: '杭州' } }, required: ['name'] } },
    },
    { type: 'object' },
    { type: 'object', properties: {} },
  ]
  it.each(schemas)('fits %j', (schema) => {
    const value = writeJson(schema, randomFrom(1))
    const validate = new Ajv({ strict: false }).compile(schema)
    expect(validate(value), JSON.stringify([value, validate.errors])).toBe(true)
  })

  it('ends for a schema that holds itself', () => {
    const schema = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    }
    expect(JSON.stringify(writeJson(schema, randomFrom(1))).length).toBeLessThan(1_000)
  })
})
