export * from './contract/index.ts'
export { adapterFor, adapters, protocolsOf, recommendedProtocol } from './registry.ts'
