export const users = {
  user: {
    pageText: '可以登录本控制台的人。团队成员只需要密钥。',
    tab: '用户',
    add: '添加用户',
    editOf: '编辑 {{name}}',
    dialogText: 'Tollgate 不发送邮件，请自行转交密码。',
    role: '角色',
    roleHint: {
      owner: '拥有全部权限，包括管理其他所有者。',
      admin: '拥有全部权限，但不能管理所有者。',
      manager: '管理一个团队的密钥、限额和成员。',
      viewer: '只能查看，不能修改。',
    },
    chooseTeam: '选择团队',
    allTeams: '全部团队',
    firstPassword: '初始密码',
    newPassword: '新密码',
    you: '你',
    removeText: '该用户会立即退出登录，且无法再次登录。',
  },
  audit: {
    tab: '变更记录',
    none: '还没有任何变更',
    action: '变更',
    details: '详情',
  },
} as const
