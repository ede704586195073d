import { type ResourceType, isResource, resourceTypes } from './endpoint-ids.ts'
import { admitSigned } from './admit-signed.ts'
import { metadataOf } from './refuse-control.ts'
import type { Incoming } from '../../contract/platform.ts'
import type { Session } from '../../contract/session.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { parseObject } from '../../json.ts'
import { q } from '../kit.ts'

const durationSecondsMax = 2_592_000

/** GetApiKey: a bearer key for the named resources, for a while. Sheet: ark, section 4. */
export function getApiKey(request: Incoming): Session | Refusal {
  const admitted = admitSigned(request)
  if (isRefusal(admitted)) return admitted
  const asked = readAsked(request.body)
  if (isRefusal(asked)) return asked
  // Without `sim` in it, so that nothing but its session makes it a key.
  const token = `temporary-${request.id}`
  const expiresAt = request.createdAt + asked.durationSeconds
  const reply = {
    ResponseMetadata: metadataOf(request),
    Result: { ApiKey: token, ExpiredTime: expiresAt },
  }
  return { account: admitted.account, token, expiresAt, resources: asked.resourceIds, reply: q(reply) }
}

interface Asked {
  readonly durationSeconds: number
  readonly resourceIds: readonly string[]
}

function readAsked(text: string): Asked | Refusal {
  const body = parseObject(text)
  if (body === undefined) return invalid('body')
  const { DurationSeconds: duration, ResourceType: named, ResourceIds: ids, ProjectName: project } = body
  if (duration === undefined) return missing('DurationSeconds')
  if (typeof duration !== 'number' || !Number.isInteger(duration)) return invalid('DurationSeconds')
  if (duration < 0 || duration > durationSecondsMax) return invalid('DurationSeconds')
  if (named === undefined) return missing('ResourceType')
  const type: ResourceType | undefined = resourceTypes.find((known) => known === named)
  if (type === undefined) return invalid('ResourceType')
  if (ids === undefined) return missing('ResourceIds')
  const resourceIds = Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
  if (!Array.isArray(ids) || ids.length === 0 || resourceIds.length < ids.length)
    return invalid('ResourceIds')
  if (project !== undefined && typeof project !== 'string') return invalid('ProjectName')
  if (type === 'presetendpoint' && (project ?? '') === '') return missing('ProjectName')
  const stranger = resourceIds.find((id) => !isResource(type, id))
  if (stranger !== undefined) return refused('ResourceNotFound', `The ${type} ${stranger} does not exist.`)
  return { durationSeconds: duration, resourceIds }
}

function missing(name: string): Refusal {
  return refused('MissingParameter', `The request is missing ${name} parameter.`)
}

function invalid(name: string): Refusal {
  return refused('InvalidParameter', `The parameter ${name} is not valid.`)
}

function refused(code: string, message: string): Refusal {
  return { refused: 'invalid-parameter', variant: code, message }
}
