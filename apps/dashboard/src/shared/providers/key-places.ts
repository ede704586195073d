/** Where keys are made that are not the usual ones of their platform. */
export interface KeyPlace {
  readonly place: (typeof places)[number]['place']
  readonly consoleUrl: string
}

/** Console addresses are those that the vendors' documents and their users' guides name. */
const places = [
  {
    place: 'qianfan-v1',
    protocol: 'qianfan-v1',
    consoleUrl: 'https://console.bce.baidu.com/qianfan/ais/console/applicationConsole/application',
  },
  {
    place: 'hunyuan-openai',
    protocol: 'hunyuan-openai',
    consoleUrl: 'https://console.cloud.tencent.com/hunyuan/api-key',
  },
  {
    place: 'hunyuan-native',
    protocol: 'hunyuan-native',
    consoleUrl: 'https://console.cloud.tencent.com/cam/capi',
  },
  {
    place: 'spark-websocket',
    protocol: 'spark-websocket',
    consoleUrl: 'https://console.xfyun.cn/app/myapp',
  },
  {
    place: 'ark-access-key',
    protocol: 'ark',
    way: 'accessKeyId',
    consoleUrl: 'https://console.volcengine.com/iam/keymanage/',
  },
] as const

/** `undefined`: where the platform's usual keys are. */
export function findKeyPlace(protocol: string, way: string): KeyPlace | undefined {
  return places.find((each) => each.protocol === protocol && (!('way' in each) || each.way === way))
}
