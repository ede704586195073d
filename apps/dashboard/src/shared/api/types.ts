import type { paths } from './schema.d.ts'

/*
 * Names for the shapes of the API, taken from its paths: the generated file knows no names, and a shape that
 * changes on the server then stops this side from compiling.
 */

type Method = 'get' | 'post' | 'patch'
type Good = 200 | 201
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>

/** The JSON body of a good answer. */
type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R } ? JsonOf<R[Extract<keyof R, Good>]> : never

/** The JSON body of a request. */
type Body<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody: infer B } ? JsonOf<B> : never

type JsonOf<T> = T extends { content: { 'application/json': infer J } } ? J : never

export type SetupState = Answer<'/api/setup', 'get'>
export type SetupInput = Body<'/api/setup', 'post'>
export type Me = Answer<'/api/me', 'get'>
export type Role = Me['user']['role']
export type Installation = Me['installation']

export type Catalogue = Answer<'/api/catalogue', 'get'>
export type CatalogueProvider = Catalogue['providers'][number]
export type CatalogueProtocol = CatalogueProvider['protocols'][number]

export type Account = Answer<'/api/accounts/{name}', 'get'>
export type AccountModel = Account['models'][number]
export type PriceView = NonNullable<AccountModel['price']>
export type AccountInput = Body<'/api/accounts', 'post'>
export type AccountPatch = Body<'/api/accounts/{name}', 'patch'>
export type ConnectionTestInput = Body<'/api/accounts/test', 'post'>
export type ConnectionTest = Answer<'/api/accounts/test', 'post'>
export type PriceInput = Body<'/api/prices', 'post'>
export type Repricing = Answer<'/api/prices', 'post'>['repricing']

export type Grant = Answer<'/api/grants/{id}', 'get'>
export type GrantInput = Body<'/api/grants', 'post'>
export type GrantPatch = Body<'/api/grants/{id}', 'patch'>
export type GrantEntry = Answer<'/api/grants/{id}/entries', 'get'>['data'][number]
export type GrantEntryInput = Body<'/api/grants/{id}/entries', 'post'>
export type GrantProposal = Answer<'/api/accounts/{name}/grant-proposals', 'get'>['data'][number]
export type GrantUnit = Grant['unit']

export type Team = Answer<'/api/teams/{name}', 'get'>
export type TeamPatch = Body<'/api/teams/{name}', 'patch'>
export type TeamInput = Body<'/api/teams', 'post'>
export type Quota = Team['quotas'][number]
export type QuotaInput = Body<'/api/teams/{name}/quotas', 'post'>
export type QuotaPatch = Body<'/api/quotas/{id}', 'patch'>
export type Member = Answer<'/api/teams/{name}/members', 'get'>['data'][number]
export type Key = Answer<'/api/keys', 'get'>['data'][number]
export type KeyInput = Body<'/api/teams/{name}/keys', 'post'>
export type CreatedKey = Answer<'/api/teams/{name}/keys', 'post'>

export type Overview = Answer<'/api/overview', 'get'>
export type Totals = Overview['totals']
export type Alert = Overview['alerts'][number]
export type Usage = Answer<'/api/usage', 'get'>
export type RequestRow = Answer<'/api/requests', 'get'>['data'][number]
export type RequestDetail = Answer<'/api/requests/{id}', 'get'>

export type Model = Answer<'/api/models/{name}', 'get'>
export type ModelInput = Body<'/api/models', 'post'>
export type ModelPatch = Body<'/api/models/{name}', 'patch'>
export type User = Answer<'/api/users/{id}', 'get'>
export type UserInput = Body<'/api/users', 'post'>
export type UserPatch = Body<'/api/users/{id}', 'patch'>
export type AuditEntry = Answer<'/api/audit', 'get'>['data'][number]
export type Job = Answer<'/api/jobs', 'get'>['data'][number]
export type Estimate = Answer<'/api/estimates', 'get'>['data'][number]
