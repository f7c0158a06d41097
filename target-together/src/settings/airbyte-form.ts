/** The form of the destination in Airbyte: which settings it shows, and in which order. */
import type { AirbyteForm } from '@ukg-together/protocol/airbyte/spec';

/** Together matches by employeeId, so that both do the same. */
export const destinationSyncModes = ['append_dedup', 'append'] as const;

export const airbyteForm: AirbyteForm = {
  groups: [
    {
      id: 'connection',
      title: 'Together',
      settings: ['region', 'organization_id', 'client_id', 'api_key', 'api_url'],
    },
    {
      id: 'memory',
      title: 'What is kept between syncs',
      settings: ['state_dir', 'ledger_key', 'limiter'],
    },
    {
      id: 'mapping',
      title: 'Who and what is sent',
      settings: [
        'mapping',
        'hris_fields',
        'sensitive_fields',
        'filters',
        'department_org_level',
        'time_zone',
        'effective_dates',
        'clear_with',
        'stream_maps',
        'stream_map_config',
        'unmapped_streams',
      ],
    },
    {
      id: 'absence',
      title: 'People who leave or are missing',
      settings: [
        'vanished',
        'vanished_after_reads',
        'complete_reads',
        'out_of_scope',
        'deleted_when',
        'on_new_id',
        'leaver_email',
        'on_drift',
        'verify_after_run',
      ],
    },
    {
      id: 'safety',
      title: 'Guards',
      settings: [
        'guards',
        'guard_window_hours',
        'max_rejected_percent',
        'accept_plan',
        'webhook',
        'audit_retention_days',
        'rejects_retention_days',
        'keep_values_days',
      ],
    },
    {
      id: 'advanced',
      title: 'Requests and records',
      settings: [
        'resend_after_hours',
        'batch_size',
        'max_body_bytes',
        'min_interval_ms',
        'request_timeout_secs',
        'max_retries',
        'flattening_enabled',
        'flattening_max_depth',
        'flattening_max_key_length',
        'flattening_separator',
        'validate_records',
      ],
    },
  ],
  without: ['batch_size_rows', 'add_record_metadata', 'load_method'],
  alwaysShown: ['region', 'state_dir', 'ledger_key', 'limiter', 'mapping', 'accept_plan'],
};
