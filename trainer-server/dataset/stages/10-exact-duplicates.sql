-- Events that say the same of the same visitor at the same instant are one event, told twice.
-- Without a time two equal lines may be two acts: they stay. Rows that were in the folder before always stay.
create table event_copy as
select
  event_timed.seq as seq,
  row_number() over (
    partition by event_timed.visitor, event_timed.ts, event_timed.name, event_timed.body
    order by event_timed.old desc, event_timed.seq
  ) as copy
from event_timed
where event_timed.ts is not null;

create table event_distinct as
select event_timed.*
from event_timed
left join event_copy on event_copy.seq = event_timed.seq
where event_timed.old = 1 or event_copy.copy is null or event_copy.copy = 1;
