-- Title: the description that most lines carry, the latest among equals.
create table title_count as
select
  line_distinct.sku as sku,
  line_distinct.description as title,
  count(*) as lines,
  max(line_distinct.ts) as latest
from line_distinct
where line_distinct.kind = 'sale' and line_distinct.description <> ''
group by line_distinct.sku, line_distinct.description;

create table title_rank as
select
  title_count.sku as sku,
  title_count.title as title,
  row_number() over (
    partition by title_count.sku order by title_count.lines desc, title_count.latest desc, title_count.title
  ) as place
from title_count;

-- Current price: the lower median of the last 20 sales, which one mistyped or wholesale line does not move.
create table price_recent as
select
  line_distinct.sku as sku,
  line_distinct.price as price,
  line_distinct.seq as seq,
  row_number() over (
    partition by line_distinct.sku order by line_distinct.ts desc, line_distinct.seq desc
  ) as recency
from line_distinct
where line_distinct.kind = 'sale' and line_distinct.price > 0;

create table price_rank as
select
  price_recent.sku as sku,
  price_recent.price as price,
  row_number() over (partition by price_recent.sku order by price_recent.price, price_recent.seq) as place,
  count(*) over (partition by price_recent.sku) as sales
from price_recent
where price_recent.recency <= 20;

create table sku_orders as
select line_distinct.sku as sku, count(distinct line_distinct.invoice) as orders
from line_distinct
where line_distinct.kind = 'sale'
group by line_distinct.sku;

create table sold_product as
select
  sku_orders.sku as sku,
  sku_orders.orders as orders,
  title_rank.title as title,
  price_rank.price as price
from sku_orders
left join title_rank on title_rank.sku = sku_orders.sku and title_rank.place = 1
left join price_rank on price_rank.sku = sku_orders.sku
  and price_rank.place = floor((price_rank.sales + 1) / 2);
