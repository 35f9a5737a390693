/** Finds what belongs to one device or customer without reading everything. */

export const PERSONAL_DATA_SCHEMA = `
  create index trajectory_of_visitor on trajectory (site, json_extract(body, '$.visitor'));
  create index shop_order_of_customer on shop_order (site, json_extract(body, '$.customer'));
`;
