-- Visitors who look at more within an hour than a person can, and never touch a cart.
create table visitor_hour as
select
  event_possible.visitor as visitor,
  floor(event_possible.ts / 3600000) as clock_hour,
  count(*) as looks
from event_possible
cross join settings
where event_possible.ts >= settings.clock_starts
group by event_possible.visitor, floor(event_possible.ts / 3600000);

create table robot as
select distinct visitor_hour.visitor as visitor
from visitor_hour
cross join settings
where visitor_hour.looks >= settings.robot_events_per_hour
  and visitor_hour.visitor not in (
    select event_possible.visitor
    from event_possible
    where event_possible.name in ('add_to_cart', 'begin_checkout', 'purchase', 'refund')
  );

create table event_human as
select event_possible.*
from event_possible
where event_possible.old = 1 or event_possible.visitor not in (select robot.visitor from robot);
