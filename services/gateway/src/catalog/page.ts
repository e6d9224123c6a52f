/** Which part of a list: pages count from 1. */
export interface Page { readonly page: number; readonly per_page: number }

export interface Pagination extends Page { readonly total: number; readonly pages: number }

export function paginate(page: Page, total: number): Pagination {
  return { ...page, total, pages: Math.ceil(total / page.per_page) };
}
