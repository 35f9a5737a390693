-- The last line of a sku counts, as in a feed that is appended to.
create table product_last as
select product.sku as sku, max(product.seq) as seq
from product
group by product.sku;

-- Events of products that the catalogue does not know: kept, and reported.
create table unknown_product as
select event_sku.sku as sku, count(distinct event_sku.seq) as events
from event_sku
where event_sku.seq in (select event_clean.seq from event_clean)
  and event_sku.sku not in (select product_last.sku from product_last)
group by event_sku.sku;
