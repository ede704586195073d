export * from './contract/index.ts'
export { depthMax, isTooDeep } from './wire/json.ts'
export { adapterFor, adapters, protocolsOf, recommendedProtocol } from './registry.ts'
