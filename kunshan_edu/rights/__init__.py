"""权限矩阵: who may do what, declared once, decided purely, and held against every door of the site."""
