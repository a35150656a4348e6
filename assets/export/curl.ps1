$ErrorActionPreference = 'Stop'
$PSNativeCommandArgumentPassing = 'Legacy' # as Windows PowerShell 5 passes words on
$utf8 = New-Object System.Text.UTF8Encoding $false
$OutputEncoding = $utf8
[Console]::OutputEncoding = $utf8
$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid().ToString())
$null = New-Item -ItemType Directory -Path $work
$body = Join-Path $work 'body'
$ids = @{}
$script:result = 0
$script:stopped = $false
$script:counter = 0
$script:missed = @()

function Needed($name) {
    $value = [Environment]::GetEnvironmentVariable($name)
    if ($null -eq $value) { [Console]::Error.WriteLine("Set the environment variable $name first."); exit 2 }
    $value
}
# Fail CODE MESSAGE: ends a step.
function Fail($code, $message) {
    if ($script:result -eq 0) { $script:result = $code }
    throw $message
}
# Miss MESSAGE: a check or capture that failed; all of a step are judged.
function Miss($message) { $script:missed += $message }
function Id($name) {
    if (-not $ids[$name]) { Fail 2 "$name was not created, so this cannot be sent" }
    $ids[$name]
}
# Begin: all rows of a step have the same time, UUID and number.
function Begin {
    $script:counter++
    $script:missed = @()
    $script:now = [DateTime]::UtcNow
    $script:uuid = [Guid]::NewGuid().ToString()
}
function At($seconds) {
    $script:now.AddSeconds($seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", [Globalization.CultureInfo]::InvariantCulture)
}
function PathText([string]$text) {
    -join ($utf8.GetBytes($text) | ForEach-Object {
        if ([char]$_ -cmatch '^[A-Za-z0-9_.~-]$') { [string][char]$_ } else { '%{0:X2}' -f $_ }
    })
}
function FormText([string]$text) { (PathText $text).Replace('%20', '+') }
function CurlText([string]$text) { $text.Replace('\', '\\').Replace('"', '\"') }
function JsonText([string]$text) {
    -join ($text.ToCharArray() | ForEach-Object {
        if ($_ -eq '"' -or $_ -eq '\') { "\$_" } elseif ([int]$_ -lt 32) { '\u{0:x4}' -f [int]$_ } else { [string]$_ }
    })
}
# Word: as a program reads its command line.
function Word([string]$text) {
    if ($text -and $text -notmatch '[\s"]') { return $text }
    '"' + (($text -replace '(\\*)"', '$1$1\"') -replace '(\\+)$', '$1$1') + '"'
}
# Request INSTANCE URL OPTIONS: gives the exit code of curl.
function Request($instance, $url, $options) {
    $jar = Join-Path $work ("$instance.jar" -replace '[^\w.]', '_')
    [IO.File]::WriteAllText($body, '')
    $all = $common + @('--cookie', $jar, '--cookie-jar', $jar, '--output', $body, '--write-out', '%{http_code} %{time_total}', $url) + $options
    $words = @($all | ForEach-Object { Word $_ })
    $times = & curl.exe $words
    $code = $LASTEXITCODE
    $parts = "$times 0 0".Trim() -split ' +' # it may say nothing
    $script:status = [int]$parts[0]
    $script:ms = 1000 * [double]::Parse($parts[1].Replace(',', '.'), [Globalization.CultureInfo]::InvariantCulture)
    $script:text = [IO.File]::ReadAllText($body, $utf8)
    $script:data = $null
    try { $script:data = ConvertFrom-Json $script:text } catch { }
    $code
}
function Problem($asked) {
    $answered = $script:status -ge 200 -and $script:status -lt 300
    if ($null -eq $asked -or (-not $answered -and $asked -contains $script:status)) { return '' }
    $said = ''
    foreach ($name in 'exception', 'phrase', 'error', 'message') { $found = Find @($name); if ($found) { $said = "$found" } }
    if (-not $answered) { return "HTTP $($script:status): $said" }
    if ((Find @('error')) -or (Find @('exception'))) { return $said }
    if ($script:text.Trim(" `t`r`n.".ToCharArray()) -eq 'forbidden') { return $script:text }
    if ($null -eq $script:data -and $script:text -match '^\s*[\[\x7b]') { return 'the answer is broken JSON' }
    ''
}
function Send($instance, $url, $options, $asked) {
    $code = Request $instance $url $options
    if ($code -eq 26) { Fail 5 'a file cannot be read' }
    if ($code -ne 0) { Fail 3 "no whole answer (curl says $code)" }
    $said = Problem $asked
    if ($said) { Fail 1 $said }
}
function Find($path) {
    $value = $script:data
    if ($value -is [array] -and $value.Count -eq 1 -and $path[0] -is [string]) { $value = $value[0] }
    foreach ($step in $path) {
        if ($null -eq $value) { return $null }
        if ($step -is [int]) { $value = if ($value -is [array]) { $value[$step] } else { $null } }
        else { $value = $value.$step }
    }
    , $value
}
function Text($value) {
    if ($value -is [bool]) { return "$value".ToLower() }
    if ($value -is [array] -or $value -is [psobject] -and $value -isnot [string] -and $value -isnot [ValueType]) { return ConvertTo-Json $value -Compress -Depth 50 }
    [Convert]::ToString($value, [Globalization.CultureInfo]::InvariantCulture)
}
function Number($value) {
    $found = 0.0
    if ([double]::TryParse((Text $value), [Globalization.NumberStyles]::Float, [Globalization.CultureInfo]::InvariantCulture, [ref]$found)) { $found } else { $null }
}
function Holds($path, $operator, $wanted) {
    $value = Find $path
    if ($operator -eq 'exists') { return ($null -ne $value) -eq $wanted }
    if ($null -eq $value) { return $false }
    switch ($operator) {
        'equals' { return (Text $value) -ceq (Text $wanted) }
        'in' { return @($wanted | ForEach-Object { Text $_ }) -ccontains (Text $value) }
        'matches' { return (Text $value) -cmatch $wanted }
        'contains' { if ($value -is [array]) { return @($value | ForEach-Object { Text $_ }) -ccontains (Text $wanted) } else { return (Text $value).Contains((Text $wanted)) } }
        default {
            $one = Number $value; $other = Number $wanted
            if ($null -eq $one -or $null -eq $other) { return $false }
            if ($operator -eq 'less_than') { return $one -lt $other } else { return $one -gt $other }
        }
    }
}
function Check($path, $operator, $wanted) {
    if (-not (Holds $path $operator $wanted)) { Miss "$($path -join '.') $operator ${wanted}: found $(Text (Find $path))" }
}
function Http($statuses) { if ($statuses -notcontains $script:status) { Miss "http ${statuses}: found $($script:status)" } }
function InTime($most) { if ($script:ms -gt $most) { Miss "time at most $most ms: found $($script:ms) ms" } }
function Capture($path) {
    $value = Find $path
    if ($null -eq $value) { Miss "nothing to capture at $($path -join '.')" } else { Text $value }
}
# Poll: repeats a request, the interval counting from start to start, until a rule holds.
function Poll($instance, $url, $options, $every, $within, $tolerate, $most, $until, $failOn) {
    $begun = [Diagnostics.Stopwatch]::StartNew()
    $errors = 0
    while ($true) {
        $started = $begun.Elapsed.TotalSeconds
        $code = Request $instance $url $options
        $said = if ($code -ne 0) { "no whole answer (curl says $code)" } else { Problem @() }
        if ($code -eq 0 -and $most -and $script:ms -gt $most) { Fail 1 "an attempt took $($script:ms) ms" }
        if ($said) {
            $borne = $code -ne 0 -or $script:status -ge 500 -or ($script:status -lt 300 -and $null -eq $script:data)
            $errors++
            if (-not $borne -or $errors -gt $tolerate) { Fail $(if ($code -ne 0) { 3 } else { 1 }) $said }
        } else {
            $errors = 0
            foreach ($rule in $until) { if (Holds $rule[0] $rule[1] $rule[2]) { return } }
            foreach ($rule in $failOn) { if (Holds $rule[0] $rule[1] $rule[2]) { Fail 4 "came to $($script:text)" } }
        }
        $wait = [Math]::Min($started + $every, $within) - $begun.Elapsed.TotalSeconds
        if ($wait -gt 0) { Start-Sleep -Milliseconds ([int]($wait * 1000)) }
        if ($begun.Elapsed.TotalSeconds -ge $within) { Fail 4 "not reached within $within s" }
    }
}
# Step TITLE MODE BLOCK: a failure ends the script, but for clean-up steps.
function Step($title, $mode, $block) {
    if ($script:stopped -and $mode -ne 'always') { return }
    try {
        Begin
        . $block
        if ($script:missed) { Fail 1 ($script:missed -join '; ') }
        [Console]::Error.WriteLine("ok      $title")
    } catch {
        if ($script:result -eq 0) { $script:result = 1 }
        if ($mode -eq '') { $script:stopped = $true }
        [Console]::Error.WriteLine("FAILED  ${title}: $_")
    }
}
