-- The two roles and the database. Run by a superuser, as often as wanted:
--   OWNER_PASSWORD=… APP_PASSWORD=… psql -v ON_ERROR_STOP=1 -f deploy/roles.sql postgres
-- kunshan_owner migrates and owns everything; kunshan_app serves the site and owns nothing.
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

SELECT 'CREATE ROLE kunshan_owner'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kunshan_owner') \gexec
SELECT 'CREATE ROLE kunshan_app'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kunshan_app') \gexec
ALTER ROLE kunshan_owner LOGIN CREATEDB PASSWORD :'owner_password';

SELECT 'CREATE DATABASE kunshan OWNER kunshan_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'kunshan') \gexec
\connect kunshan
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kunshan_app;
ALTER DEFAULT PRIVILEGES FOR ROLE kunshan_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kunshan_app;
ALTER DEFAULT PRIVILEGES FOR ROLE kunshan_owner GRANT USAGE, SELECT ON SEQUENCES TO kunshan_app;

-- Last, so that a successful sign-in of the application's role proves that all the above is done.
ALTER ROLE kunshan_app LOGIN PASSWORD :'app_password';
