/** The form of the source in Airbyte: which settings it shows, and in which order. */
import type { AirbyteForm } from '@ukg-together/protocol/airbyte/spec';

export const airbyteForm: AirbyteForm = {
  groups: [
    {
      id: 'connection',
      title: 'UKG Pro',
      settings: ['base_url', 'username', 'password', 'customer_api_key', 'user_api_key'],
    },
    {
      id: 'people',
      title: 'Which people to read',
      settings: [
        'company_ids',
        'filters',
        'time_zone',
        'hire_lead_days',
        'transfer_reasons',
        'transfer_grace_days',
        'department_org_level',
        'home_company_source',
        'mark_left_out',
      ],
    },
    {
      id: 'streams',
      title: 'What to read',
      settings: [
        'start_date',
        'include_fields',
        'check_streams',
        'lookback_days',
        'full_read_interval_hours',
        'keep_unknown_fields',
        'custom_endpoints',
      ],
    },
    {
      id: 'some_streams',
      title: 'What some streams need',
      settings: [
        'platform_configuration_classes',
        'code_tables',
        'deduction_codes',
        'pay_periods',
        'pay_statements',
        'audit_details',
        'jobs_version',
        'platform_configuration_version',
      ],
    },
    {
      id: 'advanced',
      title: 'Requests',
      settings: ['max_concurrency', 'page_size', 'request_timeout_secs', 'max_retries', 'user_agent'],
    },
  ],
  without: ['emit_activate_version_messages', 'timezone'],
  alwaysShown: ['time_zone'],
};
