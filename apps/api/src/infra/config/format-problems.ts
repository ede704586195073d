import type { ConfigurationProblem } from './parse-configuration.ts'

/** One line each, as compilers write them: `tollgate.yaml:12:5: accounts[0].protocl: unknown field; ...`. */
export function formatProblems(file: string, problems: readonly ConfigurationProblem[]): string {
  return problems
    .map(({ line, column, path, message }) =>
      [`${file}:${line}:${column}`, ...(path === '' ? [] : [path]), message].join(': '),
    )
    .join('\n')
}
