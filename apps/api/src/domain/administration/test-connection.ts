import type { Call, ProviderErrorKind } from '@tollgate/adapters/contract'
import { ProviderError } from '@tollgate/adapters/contract'
import { v7 as uuidv7 } from 'uuid'
import type { ProbeFailure } from '../../ports/prober.ts'
import { readConnection, type Connection, type ConnectionForm } from './account-form.ts'
import { change } from './change.ts'
import type { Actor } from './actor.ts'
import { describeProbeFault, describeProbeFailure, type ProbeFault } from './describe-probe-fault.ts'
import { findAccountRow, optionsOf } from './list-accounts.ts'
import type { AdministrationServices } from './services.ts'

export interface ConnectionTest {
  readonly ok: boolean
  readonly latencyMs: number
  /** The probe used a token or request of the account. */
  readonly spends: boolean
  readonly fault: ProbeFault | undefined
  readonly kind: ProviderErrorKind | undefined
  /** Whose fault it is and what to do next. */
  readonly message: string
  readonly upstreamMessage: string | undefined
}

/** Tries credentials before they are stored. Nothing is written. */
export async function testConnection(
  services: AdministrationServices,
  form: ConnectionForm & { readonly model?: string | undefined },
): Promise<ConnectionTest> {
  const connection = readConnection(services, form)
  return runProbe(services, connection, form.model ?? firstModel(services, connection), 'api')
}

/** Tries an account as it is stored, and remembers the verdict as its state. */
export async function testAccount(
  services: AdministrationServices,
  actor: Actor,
  name: string,
): Promise<ConnectionTest> {
  const row = await findAccountRow(services.db, name)
  const connection = readConnection(services, {
    provider: row.provider,
    protocol: row.protocol,
    baseUrl: row.baseUrl,
    credentials: services.secrets.open(row.id, row.credentials),
    options: optionsOf(row),
  })
  const model =
    row.offerings.find((offering) => offering.enabled)?.upstreamModel ?? firstModel(services, connection)
  const test = await runProbe(services, connection, model, row.origin === 'yaml' ? 'yaml' : 'api')
  const state = stateAfter(test)
  if (state !== undefined && (state !== row.state || state !== 'ok'))
    await change(services, actor, async (tx, audit) => {
      await tx.account.update({
        where: { id: row.id },
        data: { state, stateMessage: test.ok ? null : test.message, stateAt: new Date(services.clock.now()) },
      })
      await audit({ action: 'account.test', subject: `account:${row.id}`, details: { name, state } })
    })
  return test
}

async function runProbe(
  services: AdministrationServices,
  connection: Connection,
  upstreamModel: string,
  origin: 'api' | 'yaml',
): Promise<ConnectionTest> {
  const { adapter } = connection
  const startedAt = services.clock.now()
  const outcome = await converse(services, connection, upstreamModel, origin)
  const base = { latencyMs: services.clock.now() - startedAt, spends: adapter.probe.spends }
  if (outcome === undefined)
    return {
      ...base,
      ok: true,
      fault: undefined,
      kind: undefined,
      message: 'The provider accepted the credentials.',
      upstreamMessage: undefined,
    }
  if (outcome instanceof ProviderError)
    return {
      ...base,
      ok: false,
      kind: outcome.kind,
      ...describeProbeFault(outcome, connection),
      upstreamMessage: outcome.message,
    }
  return {
    ...base,
    ok: false,
    kind: outcome.failure === 'timeout' ? 'timeout' : 'unreachable',
    ...describeProbeFailure(outcome.failure, connection),
    upstreamMessage: outcome.message,
  }
}

type Fault = ProviderError | { readonly failure: ProbeFailure; readonly message: string }

/** The session first, where the protocol needs one; then the probe itself. `undefined`: all is well. */
async function converse(
  services: AdministrationServices,
  connection: Connection,
  upstreamModel: string,
  origin: 'api' | 'yaml',
): Promise<Fault | undefined> {
  const { adapter } = connection
  let call: Call = {
    credentials: connection.credentials,
    baseUrl: connection.baseUrl,
    options: connection.options,
    upstreamModel,
    requestId: uuidv7(),
    nowMs: services.clock.now(),
  }
  if (adapter.session?.scope(call) !== undefined) {
    const opened = await services.prober.probe(adapter.session.request(call), origin, timeoutMs)
    if ('failure' in opened) return opened
    const session = adapter.session.read(opened.head, opened.body, call)
    // That the platform has no such model is told to those alone whose credentials it has accepted.
    if (!session.ok) return session.error.kind === 'model_not_found' ? undefined : session.error
    call = { ...call, session: session.values }
  }
  const exchange = adapter.probe.request(call)
  if (exchange === undefined) return undefined
  const answered = await services.prober.probe(exchange, origin, timeoutMs)
  return 'failure' in answered ? answered : adapter.probe.read(answered.head, answered.body, call)
}

const timeoutMs = 15_000

/** A probe that asks a model needs one that exists: the first chat model of the catalogue. */
function firstModel(services: AdministrationServices, connection: Connection): string {
  return services.catalogue.models(connection.provider).find((model) => model.kind === 'chat')?.name ?? ''
}

function stateAfter(test: ConnectionTest): string | undefined {
  if (test.ok) return 'ok'
  switch (test.fault) {
    case 'credentials':
      return 'invalid_credentials'
    case 'permission':
      return 'permission_denied'
    case 'balance':
      return 'balance_exhausted'
    default:
      // A network or provider fault says nothing about the account.
      return undefined
  }
}
