import type { Migration } from "../migration.ts";
import { keepRequests } from "./keep-requests.ts";

/** The function that inserts and counts, and the rows from before 0003, which go through it. */
export const countedInserts: Migration = {
  name: "0005-counted-inserts",
  statements: [
    keepRequests(),
    `select signalbox_day_partition('requests', day), signalbox_day_partition('attempts', day),
      signalbox_day_partition('request_minutes', day, 'with (fillfactor = 60)'),
      signalbox_day_partition('unit_totals', day, 'with (fillfactor = 80)')
      from (select distinct day from requests_0002) as days`,
    "create index on attempts_0002 (request_id)",
    `do $$
    declare batch record;
    begin
      for batch in
        select array_agg(id) as ids, json_agg(to_jsonb(request) - 'number' || jsonb_build_object(
          'queue_ms', 0, 'capture', 'metadata',
          'deployment', (select deployment from attempts_0002 where request_id = id order by attempt desc limit 1),
          'decision', case when decision #> '{snapshot,prices}' is null
            then jsonb_set(decision, '{snapshot,prices}', '"unknown"') else decision end)) as rows
        from (select *, row_number() over (order by day, id) / 500 as number from requests_0002) as request
        group by number
      loop
        perform signalbox_keep_requests(batch.rows,
          (select coalesce(json_agg(kept), '[]') from attempts_0002 as kept where request_id = any (batch.ids)));
      end loop;
    end $$`,
    "drop table requests_0002",
    "drop table attempts_0002",
  ],
};
