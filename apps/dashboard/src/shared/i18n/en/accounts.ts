export const accounts = {
  provider: {
    whereTitle: 'Where to find the key',
    existing_one: '{{count}} account connected',
    existing_other: '{{count}} accounts connected',
    tongyi: {
      models: 'Qwen, embeddings',
      where:
        'Alibaba Cloud Bailian console → API Key, in a workspace. Keys are bound to a region: a Beijing key fails on the Singapore address and the error looks like a typo.',
    },
    ark: {
      models: 'Doubao, DeepSeek, GLM',
      where:
        'Volcengine Ark console → API key management. Activate each model first; a key of Coding Plan needs its own address. An access key of IAM works too.',
    },
    qianfan: {
      models: 'ERNIE 4.5, 5, X1',
      where:
        'Baidu AI Cloud console → security → API Key. It begins with bce-v3/. An older application with API Key and Secret Key works too: choose it under the credentials.',
    },
    hunyuan: {
      models: 'Hunyuan, HY',
      where:
        'TokenHub console → API Key (sk-…). Claim the free trial or switch on pay-as-you-go for each model in the model square first. SecretId and SecretKey of an older application work too: choose them under the credentials.',
    },
    spark: {
      models: 'Spark Lite, Max, Ultra, X',
      where:
        'iFlytek console → your application → the page of one model version → APIPassword. Each version has its own password. An older application with APPID, APIKey and APISecret works too: choose it under the credentials.',
    },
    baichuan: {
      models: 'Baichuan 4, M2, M3',
      where:
        'Baichuan platform → API keys. Real-name check and a first top-up are asked for; the key is shown once.',
    },
    modelscope: {
      models: 'Open models, free every day',
      where:
        'ModelScope → My → Access token (ms-…). Bind a verified Alibaba Cloud account first and make the token after that.',
    },
    deepseek: {
      models: 'DeepSeek Flash, V4 Pro',
      where:
        'DeepSeek platform → API keys (sk-…); the key is shown once. Top up first: an account with little balance may send less at once.',
    },
    'openai-compatible': {
      models: 'Moonshot, Zhipu, Ollama, vLLM …',
      where:
        'Any server that speaks the OpenAI API. Enter its address with the whole base path and name its models; leave the key empty where none is asked for.',
    },
  },
  keyPlace: {
    'qianfan-v1':
      'Qianfan console → application access → your application: API Key and Secret Key. Only older applications have them.',
    'hunyuan-openai':
      'Hunyuan console → API key (sk-…). A key of TokenHub does not work here, nor this one there.',
    'hunyuan-native':
      'Tencent Cloud console → CAM → API keys: SecretId (AKID…) and SecretKey, which is shown once. The Hunyuan service must be activated for the account.',
    'spark-websocket':
      'iFlytek console → your application: APPID, APIKey and APISecret. Copy APISecret as it is shown. Claim the package of each model version first.',
    'ark-access-key':
      'Volcengine console → IAM → key management: Access Key ID and Secret Access Key. Models are called by their ids, through the preset endpoints of a project (its name is under “Advanced”), or as endpoints of your own (ep-…).',
  },
  credentialWay: {
    apiKey: { name: 'API key', hint: 'Made in the console of the platform. The usual way.' },
    accessKeyId: {
      name: 'Access key',
      hint: 'A pair of the cloud account. Tollgate gets temporary keys with it and renews them.',
    },
  },
  protocol: {
    'qianfan-v2': { takes: 'API Key (bce-v3/…)', use: 'For every new account.' },
    'qianfan-v1': {
      takes: 'API Key + Secret Key',
      use: 'Older applications only. The pair does not work on the newer interface.',
    },
    tokenhub: { takes: 'API key of TokenHub', use: 'For every new account.' },
    'hunyuan-openai': {
      takes: 'API key of the Hunyuan console',
      use: 'Older accounts only: Tencent is switching this platform off.',
    },
    'hunyuan-native': {
      takes: 'SecretId + SecretKey',
      use: 'Older applications only: Tencent is switching this interface off.',
    },
    'tongyi-compatible': {
      takes: 'API Key',
      use: 'The OpenAI-compatible interface. For nearly every model.',
    },
    'tongyi-native': {
      takes: 'API Key',
      use: 'The platform’s own interface, with the same key. Only for models that the other one refuses with “model_not_supported”.',
    },
    'spark-http': { takes: 'APIPassword', use: 'For every new account. Each model version has its own.' },
    'spark-websocket': {
      takes: 'APPID + APIKey + APISecret',
      use: 'Older applications only, which have no APIPassword. Speaks over WebSocket.',
    },
  },
  account: {
    pageText: 'Accounts at model platforms, with their models, prices and free quotas.',
    actions: 'Actions for this account',
    addModel: 'Add a model',
    advanced: 'Advanced',
    baseUrl: 'API address',
    baseUrlHint: 'Only for another region, a proxy or a dedicated host.',
    baseUrlOwnHint: 'With the whole base path, as in the documentation of the server.',
    connection: 'Connection',
    credentials: 'Credentials',
    defaultAddress: 'the default of the protocol',
    deleteText: 'Its grants and models go with it. What was booked stays in the books.',
    deleteTitle: 'Delete {{name}}?',
    disable: 'Disable',
    disabled: 'Disabled',
    editConnection: 'Edit connection',
    editConnectionText:
      'Stored credentials are never shown. Leave them empty to keep them, or enter the new ones whole.',
    enable: 'Enable',
    kind: 'Kind',
    model: 'Model',
    modelCount_one: '{{count}} model',
    modelCount_other: '{{count}} models',
    modelName: 'Public name',
    modelUpstream: 'Name upstream, if different',
    models: 'Models',
    modelsHint:
      'Prices are CNY per million tokens. "0" is free; empty is unknown, and limits on cost refuse what they cannot price.',
    modelsTab: 'Models ({{count}})',
    movedHint: 'A new address needs the credentials again: a stored key never follows to another host.',
    name: 'Name of the account',
    nameHint: 'Part of the pinned name account/model.',
    otherCredentials: 'I have other credentials: {{list}}',
    otherInterface: 'Use another interface of this platform',
    ownEndpoints: 'I have endpoints of my own (ep-…)',
    ownEndpointsHint:
      'Only the models named here are offered then. The name upstream is the id of the endpoint (ep-…) or of a model.',
    priceIn: 'Input ¥/M',
    priceOut: 'Output ¥/M',
    protocol: 'Protocol',
    recommended: 'recommended',
    searchModels: 'Search models',
    state: {
      ok: 'Working',
      invalid_credentials: 'Credentials refused',
      permission_denied: 'Not permitted',
      balance_exhausted: 'No balance',
    },
    whichCredentials: 'Which credentials do you have?',
    whichInterface: 'Interface of the platform',
  },
  connection: {
    test: 'Test connection',
    testOf: 'Connection of {{name}}',
    ok: 'Connected',
    okText: 'The platform took the credentials ({{duration}}).',
    okToast: '{{name}} is connected ({{duration}})',
    spent: 'The test used a few tokens.',
    spendsHint: 'The test uses a few tokens of this account.',
    freeHint: 'The test costs nothing.',
    upstreamSaid: 'The platform said:',
    fault: {
      credentials: 'The platform does not accept these credentials',
      permission: 'The key is right but is not allowed to do this',
      balance: 'The account has no balance or quota left',
      network: 'The platform cannot be reached from here',
      address: 'This address is not allowed',
      provider: 'The platform has a fault',
      request: 'The platform refused the test request',
    },
    next: {
      credentials:
        'Copy the key again, whole and without spaces, and check that it belongs to this region and plan.',
      permission:
        'Activate the model or service in the console, or lift the limits of the key (models, addresses).',
      balance: 'Top up, claim the free quota in the console, or choose another account.',
      network: 'Check the address, the proxy and the firewall of the machine that Tollgate runs on.',
      address:
        'Private and internal addresses are closed to this form. Declare the account in tollgate.yaml, or let the operator allow them.',
      provider: 'Nothing is wrong on your side. Try again in a few minutes.',
      request: 'Check that the credentials are of the kind that was chosen, and the name of the model.',
    },
  },
  price: {
    input: 'Input / M',
    cached: 'Cached / M',
    output: 'Output / M',
    origin: 'Price',
    from: { 'price-book': 'price book', yaml: 'tollgate.yaml', api: 'set here' },
    set: 'Set price',
    change: 'Change',
    unknown: 'No price',
    unknownHint: 'Requests are booked without cost, and limits on cost refuse them.',
    of: 'Price of {{model}}',
    dialogText: 'Per million tokens. Prices are never edited: this adds a version.',
    effectiveFrom: 'In force from',
    fromNowHint: 'Empty: from now on. What was booked before keeps its price.',
    correctsHint: 'Requests since that day are priced again; each correction is shown with the request.',
    repriced_one: '{{count, number}} booked request was priced again.',
    repriced_other: '{{count, number}} booked requests were priced again.',
    repricedMore: 'There are more; they follow in the background.',
    tiers: '{{count}} tiers',
    tiersHint: 'The price depends on the length of the input; the first tier is shown.',
    offPeak: 'off-peak',
  },
} as const
