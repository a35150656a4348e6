# --- start
work=$(mktemp -d)
result=0 # the exit code, that of the first step which failed
finished=
counter=0

say() { printf '%s\n' "$*" >&2; }

# fail CODE MESSAGE: says why a step failed.
fail() {
  say "FAILED  $title: $2"
  ((result)) || result=$1
  return 1
}

# run STEP TITLE [keep]: carries a step out; without keep its failure ends the script.
run() {
  local step=$1 title=$2 keep=${3-}
  finished="$finished $step "
  if "$step"; then
    say "ok      $title"
  else
    ((result)) || result=1
    [[ -n $keep ]] || exit "$result"
  fi
}

# known NAME WHAT: fails where something has no value yet.
known() { [[ -n ${!1-} ]] || fail 2 "$2 has no value, so this cannot be sent"; }

# request INSTANCE OPTIONS...: sends; each instance has its own cookies.
request() {
  local jar=$work/$1.jar times code=0
  shift
  : >"$work/body"
  status=0
  times=$(curl "${common[@]}" --cookie "$jar" --cookie-jar "$jar" \
    --output "$work/body" --write-out '%{http_code} %{time_total}' "$@") || code=$?
  status=${times%% *}
  took=$((10#${times##*[ .,]})) # the decimals are microseconds
  times=${times##* }
  took=$((10#${times%%[.,]*} * 1000000 + took))
  return "$code"
}

# send INSTANCE OPTIONS...: sends, and fails where no whole answer comes.
send() {
  local code=0
  request "$@" || code=$?
  case $code in
    0) ;;
    2) fail 2 'curl does not know how to send this' ;;
    26) fail 5 'a file cannot be read' ;;
    *) fail 3 "no whole answer (curl says $code)" ;;
  esac
}
# --- form_text
# form_text TEXT: writes it as a form carries it, byte by byte.
form_text() {
  local LC_ALL=C text=$1 out='' one code place
  for ((place = 0; place < ${#text}; place++)); do
    one=${text:place:1}
    case $one in
      [A-Za-z0-9_.~-]) out+=$one ;;
      ' ') out+=+ ;;
      *)
        printf -v code %d "'$one"
        printf -v one '%%%02X' $((code & 255))
        out+=$one
        ;;
    esac
  done
  printf %s "$out"
}

# path_text TEXT: writes it as a part of an address.
path_text() {
  local text
  text=$(form_text "$1")
  printf %s "${text//+/%20}"
}
# --- curl_word
# curl_word TEXT: writes it as curl reads it between quotes.
curl_word() {
  local text=${1//\\/\\\\}
  printf %s "${text//\"/\\\"}"
}
# --- json_text
# json_text TEXT: writes it as JSON does.
json_text() { python3 -SEc 'import json, sys; print(json.dumps(sys.argv[1], ensure_ascii=False))' "$1"; }

# json_inner TEXT: the same, without its quotes.
json_inner() {
  local text
  text=$(json_text "$1")
  text=${text#\"}
  printf %s "${text%\"}"
}
# --- moment
# at SECONDS: the time of the step, or one that is later.
at() {
  python3 -SEc 'import datetime as d, sys
then = d.datetime.fromtimestamp(float(sys.argv[1]) + float(sys.argv[2]), d.timezone.utc)
print(then.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z")' "$now" "$1"
}
# --- answer
# answer WHAT...: looks at the last answer, see the Python above.
answer() { python3 "$work/answer.py" "$work/body" "$status" "$@"; }

# good ERRORS: fails where GMS answered with an error other than these.
good() {
  local said
  said=$(answer problem "$1") || fail 1 "${said:-the answer cannot be read}"
}

# check PATH OPERATOR WANTED: fails where the answer has another value.
check() {
  local said
  said=$(answer check "$@") || fail 1 "${said:-$1 cannot be read}"
}

# capture NAME PATH: keeps a value of the answer.
capture() {
  local said
  said=$(answer value "$2"; printf x) || true
  said=${said%x}
  [[ -n $said ]] || fail 1 "there is nothing to capture at $2" || return
  printf -v "$1" %s "$said"
}
# --- poll
clock() { python3 -SEc 'import time; print(time.time())'; }

# pause STARTED EVERY BEGUN WITHIN: waits for the next attempt; fails when the time is up.
pause() {
  python3 -SEc 'import sys, time
started, every, begun, within = map(float, sys.argv[1:])
time.sleep(max(0.0, min(started + every, begun + within) - time.time()))
sys.exit(time.time() >= begun + within)' "$@"
}

# poll EVERY WITHIN TOLERATE MICROSECONDS RULES INSTANCE OPTIONS...: repeats a request, the
# interval counting from start to start, until a rule holds.
poll() {
  local every=$1 within=$2 tolerate=$3 most=$4 rules=$5 errors=0 begun started said code
  shift 5
  begun=$(clock)
  while :; do
    started=$(clock)
    code=0
    request "$@" || code=$?
    if ((code)); then said=error; else said=$(answer poll "$rules") || return; fi
    if ((most && took > most)); then fail 1 "an attempt took $((took / 1000)) ms" || return; fi
    case $said in
      reached) return 0 ;;
      failed) fail 4 "came to $(head -c 200 "$work/body")" || return ;;
      refused) good '[]' || return ;;
      error)
        if ((++errors > tolerate)); then
          ((code == 0)) || fail 3 "no whole answer (curl says $code)" || return
          good '[]' || return
        fi
        ;;
      *) errors=0 ;;
    esac
    pause "$started" "$every" "$begun" "$within" || fail 4 "not reached within $within s" || return
  done
}
# --- status
# http STATUS...: fails where the answer has another one.
http() {
  local one
  for one in "$@"; do [[ $one != "$status" ]] || return 0; done
  fail 1 "HTTP $status, wanted $*"
}

# in_time MICROSECONDS: fails where the exchange took longer.
in_time() { ((took <= $1)) || fail 1 "it took $((took / 1000)) ms, wanted $(($1 / 1000)) at most"; }
