/**
 * Written into `postgresql.conf` when the database is made: sized for a small machine that the service shares with
 * its database. Whoever has a larger one edits that file.
 */
export const initialSettings: Readonly<Record<string, string>> = {
  shared_buffers: '64MB',
  max_connections: '60',
  maintenance_work_mem: '64MB',
  min_wal_size: '32MB',
  max_wal_size: '512MB',
  // One process of the service drains in batches: three helper processes for reading ahead would only cost memory.
  io_method: 'sync',
  // Queries are short and many; compiling them costs more than it saves.
  jit: 'off',
}

/** Given at each start, so that no edit of the configuration file opens the server to others or hides its log. */
export function fixedSettings(port: number): Readonly<Record<string, string>> {
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Notices within seconds that the service at the other end was killed, and frees what its session had locked.
    client_connection_check_interval: '2s',
  }
}

export function asArguments(flag: '-c' | '--set', settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [flag, `${name}=${value}`])
}
