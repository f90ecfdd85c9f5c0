@echo off
rem jmergekit: mergekit COMMAND ...; by another name, such as mergekit-yaml, the command of that name.
setlocal
set "root=%~dp0.."
set "name=%~n0"
set "command="
if /i not "%name%"=="mergekit" set "command=%name:mergekit-=%"
set "java=%root%\runtime\bin\java.exe"
if not exist "%java%" if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if not exist "%java%" set "java=java"
for %%j in ("%root%\app\jmergekit-*.jar") do set "jar=%%j"
"%java%" -Xmx384m "@%root%\app\computing.options" "@%root%\app\program.options" %JAVA_OPTS% %JMERGEKIT_OPTS% -jar "%jar%" %command% %*
exit /b %errorlevel%
