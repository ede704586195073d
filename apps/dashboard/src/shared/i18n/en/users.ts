export const users = {
  user: {
    pageText: 'Who may sign in to this dashboard. Members of teams need only a key.',
    tab: 'People',
    add: 'Add person',
    editOf: 'Edit {{name}}',
    dialogText: 'Tollgate sends no mail: hand the password over yourself.',
    role: 'Role',
    roleHint: {
      owner: 'Everything, including other owners.',
      admin: 'Everything, except owners.',
      manager: 'Keys, limits and members of one team.',
      viewer: 'Sees figures, changes nothing.',
    },
    chooseTeam: 'Choose a team',
    allTeams: 'All teams',
    firstPassword: 'First password',
    newPassword: 'New password',
    you: 'you',
    removeText: 'This person is signed out at once and can no longer sign in.',
  },
  audit: {
    tab: 'Changes',
    none: 'Nothing was changed yet',
    action: 'Change',
    details: 'Details',
  },
} as const
