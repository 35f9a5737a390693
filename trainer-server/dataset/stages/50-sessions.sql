-- A pause of more than the gap begins a session. A session that the source names is kept, and lends its name to
-- the nameless events around it.
create table event_start as
select
  event_human.seq as seq,
  event_human.visitor as visitor,
  event_human.ts as ts,
  event_human.session as session,
  case
    when event_human.ts - lag(event_human.ts) over (
      partition by event_human.visitor order by event_human.ts, event_human.seq
    ) <= settings.session_gap_ms then 0
    else 1
  end as starts
from event_human
cross join settings
where event_human.ts >= settings.clock_starts;

create table event_run as
select
  event_start.seq as seq,
  event_start.visitor as visitor,
  event_start.ts as ts,
  event_start.session as session,
  sum(event_start.starts) over (
    partition by event_start.visitor order by event_start.ts, event_start.seq
    rows between unbounded preceding and current row
  ) as run
from event_start;

create table run_name as
select
  event_run.visitor as visitor,
  event_run.run as run,
  coalesce(
    min(event_run.session),
    concat(event_run.visitor, ':', cast(cast(min(event_run.ts) as bigint) as varchar))
  ) as session
from event_run
group by event_run.visitor, event_run.run;

create table event_clean as
select
  event_human.seq as seq,
  event_human.old as old,
  event_human.visitor as visitor,
  coalesce(event_human.session, run_name.session, event_human.visitor) as session,
  event_human.ts as ts,
  event_human.name as name,
  event_human.body as body
from event_human
left join event_run on event_run.seq = event_human.seq
left join run_name on run_name.visitor = event_run.visitor and run_name.run = event_run.run;
